using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>A batch that takes no more records, with where the stream stands behind it. Nothing of it changes while it is committed.</summary>
/// <param name="Pending">The records.</param>
/// <param name="Position">Where an incomplete scan goes on.</param>
/// <param name="Scan">The scan's state.</param>
internal sealed record ClosedBatch(PendingBatch Pending, ResumePoint Position, ScanState Scan)
{
    /// <summary>True if the source can go on from a place in it.</summary>
    public bool Resumable { get; init; }

    /// <summary>True behind the last page.</summary>
    public bool AtEnd { get; init; }

    /// <summary>Parents up to this number are done.</summary>
    public long ParentsThrough { get; init; }

    /// <summary>True to forget what an unfinished scan has put aside.</summary>
    public bool StartOver { get; init; }
}
