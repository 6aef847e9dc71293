namespace Tidemark.Destinations;

/// <summary>A change of a table that a stream has made, or a value that it left out because no change was allowed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Table">The table.</param>
/// <param name="Column">The column, or the field that has none; null where the table as a whole is meant.</param>
/// <param name="From">The column's type before, as the database writes it; null: none.</param>
/// <param name="To">The column's type after, or the index; null: none.</param>
/// <param name="Count">How many values were left out, or how many columns a new table has; otherwise 1.</param>
public sealed record SchemaChange(SchemaChangeKind Kind, string Table, string? Column = null, string? From = null, string? To = null, long Count = 1);
