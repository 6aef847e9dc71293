namespace Tidemark.MongoGateway.Faults;

/// <summary>What happens to the next command of a name, instead of what was asked for.</summary>
internal abstract record Fault
{
    /// <summary>Its last items are not carried out and answered by an error, as those are that lost a race.</summary>
    public sealed record Items(int Count, int Code) : Fault;

    /// <summary>It is not carried out and answered by an error.</summary>
    public sealed record Error(int Code) : Fault;

    /// <summary>The connection is cut before it is carried out.</summary>
    public sealed record Unread : Fault;

    /// <summary>The connection is cut when it has been carried out, without an answer.</summary>
    public sealed record Unanswered : Fault;

    /// <summary>It is carried out at once and answered later.</summary>
    public sealed record Hold(Task Released) : Fault;
}
