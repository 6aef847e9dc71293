using Tidemark.Destinations;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Sharing;

/// <summary>One transaction of a shared writer. It began with the write lock.</summary>
internal sealed class SharedTransaction(Database database, IReadOnlyList<SharedTable> tables, SharedOptions options, SharedWriter writer, string token) : ISharedTransaction
{
    private bool _ended;

    public string Token => token;

    public required IReadOnlyList<KeyState> Keys { get; init; }

    public required IReadOnlyList<IReadOnlyList<bool>> References { get; init; }

    public Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        database.Execute("SAVEPOINT tidemark");
        var mark = writer.Mark;
        try
        {
            var outcomes = new IReadOnlyList<WrittenRecord>[records.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var written = new WrittenRecord[records[i].Count];
                tables[records[i].Target].Write(records[i].Batch, records[i].Start, written, options.WithRowIds, cancellationToken);
                outcomes[i] = written;
            }
            database.Execute("RELEASE tidemark");
            return Task.FromResult<IReadOnlyList<IReadOnlyList<WrittenRecord>>>(outcomes);
        }
        catch (ForeignKeysInTheWayException e)
        {
            Undo(mark);
            writer.RebuildLater(e.Table, e.Arrivals);
            throw new DestinationException(DestinationFault.Temporary, $"other tables refer to '{e.Table.Name}', which needs wider columns: that is done first, then the records are written again", e);
        }
        catch
        {
            Undo(mark);
            throw;
        }
    }

    public Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        IdempotencyTable.Keep(database, answers);
        try
        {
            writer.Commit(token);
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"a constraint that is checked at the end of a transaction is broken: {e.Message}", e);
        }
        _ended = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            writer.Rollback();
        }
        return ValueTask.CompletedTask;
    }

    // After an error such as a full disk SQLite has rolled back by itself; what is written now would be a transaction of its own.
    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!database.InTransaction) throw new DestinationException(DestinationFault.Fatal, $"the transaction on '{database.Path}' was rolled back by an earlier error");
    }

    private void Undo(int mark)
    {
        // Some errors, such as a full disk, have undone the whole transaction already.
        if (database.InTransaction) database.Execute("ROLLBACK TO tidemark; RELEASE tidemark");
        writer.RolledBack(mark);
    }
}
