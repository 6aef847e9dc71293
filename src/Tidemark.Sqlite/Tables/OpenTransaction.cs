using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>A transaction that began with the write lock: its savepoints, and its end. What SQLite has undone by itself is not open any more.</summary>
internal sealed class OpenTransaction(Database database, ITransactionOwner owner)
{
    private bool _ended;

    /// <summary>Refuses what would be written outside of it: after an error such as a full disk SQLite has rolled back by itself.</summary>
    public void Check(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!database.InTransaction) throw new DestinationException(DestinationFault.Fatal, $"the transaction on '{database.Path}' was rolled back by an earlier error");
    }

    /// <summary>Does something of which nothing stays if it fails.</summary>
    public T UnderSavepoint<T>(Func<T> work)
    {
        database.Execute("SAVEPOINT tidemark");
        var mark = owner.Mark;
        try
        {
            var result = work();
            database.Execute("RELEASE tidemark");
            return result;
        }
        catch (ForeignKeysInTheWayException e)
        {
            Undo(mark);
            owner.RebuildLater(e.Table, e.Arrivals);
            throw new DestinationException(DestinationFault.Temporary, $"other tables refer to '{e.Table.Name}', which needs wider columns: that is done first, then the records are written again", e);
        }
        catch
        {
            Undo(mark);
            throw;
        }
    }

    /// <summary>Commits.</summary>
    /// <param name="commit">Does it.</param>
    public void Commit(Action commit)
    {
        try
        {
            commit();
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"a constraint that is checked at the end of a transaction is broken: {e.Message}", e);
        }
        _ended = true;
    }

    /// <summary>Undoes it, unless it was committed.</summary>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        owner.Rollback();
    }

    private void Undo(int mark)
    {
        // Some errors, such as a full disk, have undone the whole transaction already.
        if (database.InTransaction) database.Execute("ROLLBACK TO tidemark; RELEASE tidemark");
        owner.RolledBack(mark);
    }
}
