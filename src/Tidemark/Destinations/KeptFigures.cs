namespace Tidemark.Destinations;

/// <summary>What one query tells of a table of kept answers.</summary>
/// <param name="Entries">Its rows.</param>
/// <param name="Hits">How often they were served.</param>
/// <param name="Expired">Rows that are not fresh any more.</param>
/// <param name="Overdue">Rows that should be gone.</param>
/// <param name="Bytes">The size of the table with its indexes, or of its values, where the database does not tell more; null: it tells nothing.</param>
public sealed record KeptFigures(long Entries, long Hits, long Expired, long Overdue, long? Bytes);
