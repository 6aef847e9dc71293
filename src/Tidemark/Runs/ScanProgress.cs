using Tidemark.Checkpoints;

namespace Tidemark.Runs;

/// <summary>How far a scan has come that is not complete, as committed with its last batch.</summary>
/// <param name="Mode">What it reads.</param>
/// <param name="StartedAt">When it started; it may have taken several runs since.</param>
/// <param name="Read">Records that are done.</param>
/// <param name="Failed">Records of these that were refused.</param>
public sealed record ScanProgress(RunMode Mode, DateTimeOffset StartedAt, long Read, long Failed)
{
    /// <summary>The progress that a checkpoint holds; null: there is no unfinished scan that a run could go on with.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    public static ScanProgress? Of(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return ResumePoint.FromJson(checkpoint.Resume) is { } resume ? new ScanProgress(resume.Mode, resume.StartedAt, resume.Read, resume.Failed) : null;
    }
}
