namespace Tidemark.Destinations;

/// <summary>
/// A destination that names guilty records by itself has written all of a call but these: unlike any other <see cref="DestinationFault.Record"/>, it needs no halving.
/// </summary>
/// <param name="parts">What became of each part of the call; at least one record is refused.</param>
public sealed class RecordsRefusedException(IReadOnlyList<PartlyWritten> parts) : DestinationException(DestinationFault.Record, parts.SelectMany(p => p.Refused.Values).First())
{
    /// <summary>What became of each part of the call, in their order; a call of a run has one.</summary>
    public IReadOnlyList<PartlyWritten> Parts { get; } = parts;
}
