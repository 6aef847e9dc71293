using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>The tables of a shared writer, on one connection.</summary>
internal sealed class PgSharedTables(Session session, string schema, IReadOnlyList<StreamTarget> targets, Func<string, string, int?> compareCursors) : IDisposable
{
    private readonly PgSharedTable[] _tables = [.. targets.Select(t => new PgSharedTable(session, schema, t, compareCursors))];
    private bool _changedBefore;

    /// <summary>The connection.</summary>
    public Session Session => session;

    /// <summary>The tables, by target.</summary>
    public IReadOnlyList<PgSharedTable> All => _tables;

    /// <summary>True if what is known of the tables may be wrong: <see cref="LoadAsync"/> is due, in a transaction.</summary>
    public bool IsStale { get; set; } = true;

    /// <summary>Reads the tables.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var table in _tables) await table.Table.LoadAsync(cancellationToken);
        IsStale = false;
    }

    /// <summary>True if all tables, as far as they are known, take records without a change.</summary>
    public bool Hold(IReadOnlyList<TableRecords> records) => !IsStale && records.All(r => _tables[r.Target].Holds(r));

    /// <summary>How many changes each table has seen since the last commit.</summary>
    public int[] Mark() => [.. _tables.Select(t => t.Table.Changes.Count)];

    /// <summary>At this point a savepoint has undone what was done since: so are changes of tables.</summary>
    public async Task RolledBackAsync(int[] mark, CancellationToken cancellationToken)
    {
        for (var i = 0; i < mark.Length; i++) _tables[i].Table.Changes.RemoveRange(mark[i], _tables[i].Table.Changes.Count - mark[i]);
        if (!Array.Exists(_tables, t => t.Table.Touched)) return;
        await LoadAsync(cancellationToken);
        // What was changed before the savepoint is still to be undone with the transaction.
        _changedBefore = true;
    }

    /// <summary>At this point the transaction was rolled back.</summary>
    public void RolledBack()
    {
        IsStale |= _changedBefore || Array.Exists(_tables, t => t.Table.Touched);
        _changedBefore = false;
        foreach (var table in _tables) table.Table.Changes.Clear();
    }

    /// <summary>At this point the transaction was committed: what was done to the tables is durable.</summary>
    /// <returns>The changes of the tables.</returns>
    public IReadOnlyList<SchemaChange> Committed()
    {
        SchemaChange[] changes = [.. _tables.SelectMany(t => t.Table.Changes)];
        foreach (var table in _tables)
        {
            table.Table.Touched = false;
            table.Table.Changes.Clear();
        }
        _changedBefore = false;
        return changes;
    }

    public void Dispose()
    {
        foreach (var table in _tables) table.Dispose();
    }
}
