namespace Tidemark.Simulators.Sirene;

/// <summary>An establishment in full, as it is sent.</summary>
internal readonly record struct Seat
{
    /// <summary>Null, as is <see cref="Nic"/>, for a commune that has none.</summary>
    public required string? Siren { get; init; }

    public required string? Nic { get; init; }

    /// <summary>Its owner has asked that name and street are not made public.</summary>
    public required bool IsMasked { get; init; }

    public required DateOnly Founded { get; init; }

    public required string Staff { get; init; }

    /// <summary>Without a zone, as the real API sends it; here it is UTC.</summary>
    public required string Treated { get; init; }

    public required string Name { get; init; }

    public required string LegalForm { get; init; }

    public required string Activity { get; init; }

    public required string StreetNumber { get; init; }

    public required string StreetType { get; init; }

    public required string StreetName { get; init; }

    public required string? PostalCode { get; init; }

    public required string CommuneLabel { get; init; }

    public required string CommuneCode { get; init; }
}
