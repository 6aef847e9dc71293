namespace Tidemark.Sqlite.Tables;

/// <summary>The writer of a transaction: what it knows of tables goes back with them.</summary>
internal interface ITransactionOwner
{
    /// <summary>How many changes of tables the open transaction has made.</summary>
    int Mark { get; }

    /// <summary>At this point a rollback has undone what was done since: so are changes of tables.</summary>
    /// <param name="mark">How many changes had been made at the savepoint; 0 for the whole transaction.</param>
    void RolledBack(int mark);

    /// <summary>Undoes the open transaction, unless SQLite has done so already.</summary>
    void Rollback();

    /// <summary>Leaves a rebuild, which foreign keys are in the way of, to the start of the next transaction.</summary>
    void RebuildLater(SqliteTable table, IReadOnlyList<Arrival> arrivals);
}
