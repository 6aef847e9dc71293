namespace Tidemark.PostgreSql.Sharing;

/// <summary>Rows that should have been written, and were not: another writer was faster, or the table keeps them out by itself.</summary>
/// <param name="Updates">How many that were there.</param>
/// <param name="Inserts">A hash of which that were not there; 0: none.</param>
internal readonly record struct MissedRows(int Updates, int Inserts)
{
    /// <summary>True if all was written.</summary>
    public bool IsNone => this == default;
}
