namespace Tidemark.PostgreSql.Tables;

/// <summary>A valid index over whole columns and all rows, as the catalog describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order; those that it only carries along are left out.</param>
/// <param name="IsPrimary">True if it is the primary key's.</param>
/// <param name="IsUnique">True if no two rows may have the same values.</param>
/// <param name="IsImmediate">False if it is that of a deferrable constraint, which no ON CONFLICT can be about.</param>
/// <param name="Method">How it is built: <c>btree</c>, <c>hash</c>, <c>gin</c>.</param>
internal sealed record ShapeIndex(string Name, IReadOnlyList<string> Columns, bool IsPrimary, bool IsUnique, bool IsImmediate, string Method)
{
    /// <summary>True if it makes these columns unique, in whatever order.</summary>
    public bool MakesUnique(IReadOnlyCollection<string> columns) =>
        IsUnique && Columns.Count == columns.Count && Columns.All(c => columns.Contains(c, StringComparer.Ordinal));

    /// <summary>True if it does what an index over these columns would.</summary>
    public bool Serves(IReadOnlyList<string> columns, bool unique) =>
        (IsUnique || !unique) && Method == "btree" && Columns.SequenceEqual(columns, StringComparer.Ordinal);
}
