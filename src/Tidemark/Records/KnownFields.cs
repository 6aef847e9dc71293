namespace Tidemark.Records;

/// <summary>
/// The fields that the columns of a table stand for, and those that batches have brought since: an object that is gone takes all of its columns with it. Owned by the task that
/// fills batches.
/// </summary>
/// <param name="table">The fields that have a column.</param>
public sealed class KnownFields(IEnumerable<string> table)
{
    // More than any table has columns.
    private const int Most = 40_000;

    private readonly HashSet<string> _all = new(table, StringComparer.Ordinal);

    internal bool Contains(string field) => _all.Contains(field);

    internal void Add(string field)
    {
        if (_all.Count < Most) _all.Add(field);
    }

    internal IEnumerable<string> Under(string prefix) => _all.Where(f => f.StartsWith(prefix, StringComparison.Ordinal));
}
