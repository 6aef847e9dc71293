namespace Tidemark.Slices;

/// <summary>All slices of a stream in one line.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Pending">Still to be read.</param>
/// <param name="Running">Being read.</param>
/// <param name="Done">Read to the end.</param>
/// <param name="Failed">Failed as often as they may.</param>
/// <param name="Read">Records read in this import.</param>
/// <param name="FailedRecords">Records that failed in this import.</param>
/// <param name="Attempts">How often slices were begun in this import.</param>
public sealed record SliceStatistics(string Stream, long Pending, long Running, long Done, long Failed, long Read, long FailedRecords, long Attempts)
{
    /// <summary>All of them.</summary>
    public long Total => Pending + Running + Done + Failed;
}
