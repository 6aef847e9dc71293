using Tidemark.Inboxes;
using Tidemark.Runs;

namespace Tidemark.Reports;

/// <summary>How a pipeline stands.</summary>
public sealed record PipelineStatus
{
    /// <summary>The pipeline's name.</summary>
    public required string PipelineName { get; init; }

    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its streams, in declared order.</summary>
    public required IReadOnlyList<StreamStatus> Streams { get; init; }

    /// <summary>The latest runs that have ended, newest first.</summary>
    public required IReadOnlyList<RunReport> Runs { get; init; }

    /// <summary>Open failed records.</summary>
    public required long FailedRecords { get; init; }

    /// <summary>Asynchronous posts that wait to be delivered, by stream or <c>endpoints/NAME</c>; those without any are left out.</summary>
    public IReadOnlyList<InboxDepth> Inbox { get; init; } = [];

    /// <summary>What could not be looked at, for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
