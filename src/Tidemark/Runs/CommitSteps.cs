using Tidemark.Checkpoints;
using Tidemark.Destinations;

namespace Tidemark.Runs;

/// <summary>What a commit does beside writing records.</summary>
internal sealed record CommitSteps
{
    /// <summary>The checkpoint that the batch completes, given how many of its records were refused.</summary>
    public required Func<int, Checkpoint> Next { get; init; }

    /// <summary>True to forget what an unfinished scan has put aside.</summary>
    public bool StartOver { get; init; }

    /// <summary>Parents up to this number are done.</summary>
    public long ParentsThrough { get; init; }

    /// <summary>Set with the last batch of a scan that replaces the table or tells deletions.</summary>
    public FinishOptions? Finish { get; init; }

    /// <summary>How many records of the scan were refused before this batch.</summary>
    public long FailedBefore { get; init; }
}
