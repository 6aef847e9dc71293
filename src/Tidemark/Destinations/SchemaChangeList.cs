namespace Tidemark.Destinations;

/// <summary>The committed changes of a stream's tables, in order; all values of a field that were left out are one entry.</summary>
public sealed class SchemaChangeList
{
    private readonly List<SchemaChange> _all = [];

    /// <summary>The changes.</summary>
    public IReadOnlyList<SchemaChange> All => _all;

    /// <summary>Adds those of a transaction.</summary>
    /// <param name="changes">The changes, in order.</param>
    public void Add(IReadOnlyList<SchemaChange> changes)
    {
        foreach (var change in changes)
        {
            var before = change.Kind == SchemaChangeKind.FieldDiscarded ? _all.FindIndex(c => c with { Count = change.Count } == change) : -1;
            if (before < 0) _all.Add(change);
            else _all[before] = change with { Count = _all[before].Count + change.Count };
        }
    }
}
