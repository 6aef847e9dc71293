namespace Tidemark.Simulators.Crm;

/// <summary>What is given of a new record; the rest is drawn.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Index">Its number in the seed; null when it is inserted later.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal readonly record struct CrmDraft(string Id, int? Index, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
