namespace Tidemark.Destinations;

/// <summary>A table as it really is.</summary>
/// <param name="Table">Its name, as the database writes it.</param>
/// <param name="Columns">Its columns, in order, ours included.</param>
/// <param name="PrimaryKey">The columns of its primary key, in order; empty: none.</param>
/// <param name="Indexes">Its other indexes, expressions and partial ones excepted; a unique constraint is one of them.</param>
/// <param name="Rows">How many rows it has.</param>
public sealed record TableDescription(
    string Table, IReadOnlyList<ColumnDescription> Columns, IReadOnlyList<string> PrimaryKey, IReadOnlyList<IndexDescription> Indexes, long Rows)
{
    /// <summary>Columns that fields were written to and that are not there any more: their names by field.</summary>
    public IReadOnlyDictionary<string, string> LostColumns { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How it is partitioned, its <see cref="TablePartitioning.Column"/> being the column's real name and its interval not known; null: it is not.</summary>
    public TablePartitioning? Partitioning { get; init; }
}
