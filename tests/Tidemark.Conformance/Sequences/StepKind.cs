namespace Tidemark.Conformance.Sequences;

/// <summary>What a step of a sequence does.</summary>
public enum StepKind
{
    /// <summary>Writes the step's records in one call, in the transaction that is open.</summary>
    Write,

    /// <summary>Commits.</summary>
    Commit,

    /// <summary>Disposes the transaction.</summary>
    Abandon,

    /// <summary>Closes the writer and opens another.</summary>
    Reopen,

    /// <summary>The process hangs until its lease has expired and another has taken over; then it tries to go on.</summary>
    TakeOver,

    /// <summary>Connections are cut.</summary>
    Cut,

    /// <summary>Somebody else adds a column of text for the step's field.</summary>
    AddColumn,

    /// <summary>Somebody else drops the column of the step's field.</summary>
    DropColumn,

    /// <summary>Somebody else drops the table.</summary>
    DropTable,

    /// <summary>A full scan is complete.</summary>
    Finish,

    /// <summary>A full scan is complete, and whatever it brought is right.</summary>
    FinishAnyway,

    /// <summary>A scan starts over.</summary>
    StartOver,

    /// <summary>Puts the step's records into a queue.</summary>
    Enqueue,

    /// <summary>Takes the oldest item out of the queue.</summary>
    Dequeue,

    /// <summary>Renews the lease.</summary>
    Renew,
}
