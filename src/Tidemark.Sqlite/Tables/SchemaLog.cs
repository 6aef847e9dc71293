using Tidemark.Destinations;

namespace Tidemark.Sqlite.Tables;

/// <summary>The changes of a stream's table, as far as they are committed; what is rolled back is forgotten.</summary>
internal sealed class SchemaLog
{
    private readonly List<SchemaChange> _open = [];
    private readonly List<SchemaChange> _committed = [];

    public IReadOnlyList<SchemaChange> Committed => _committed;

    /// <summary>How many changes the open transaction has made so far: a place to roll back to.</summary>
    public int Mark => _open.Count;

    public void Add(SchemaChange change) => _open.Add(change);

    public void RollbackTo(int mark) => _open.RemoveRange(mark, _open.Count - mark);

    public void Commit()
    {
        foreach (var change in _open)
        {
            var known = change.Kind == SchemaChangeKind.FieldDiscarded ? _committed.FindIndex(c => c with { Count = change.Count } == change) : -1;
            if (known < 0) _committed.Add(change);
            else _committed[known] = change with { Count = _committed[known].Count + change.Count };
        }
        _open.Clear();
    }
}
