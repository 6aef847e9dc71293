using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Slices;

namespace Tidemark.Configuration.Shapes;

/// <summary>What the keys of one stream must have in common.</summary>
internal static class StreamRules
{
    /// <summary>The first rule that a stream breaks, with the key that it concerns; null if all is well.</summary>
    /// <param name="stream">The stream.</param>
    public static (string? Key, string Message)? Check(StreamDefinition stream)
    {
        var disposition = DispositionOf(stream);
        if (stream.PrimaryKey.Distinct(StringComparer.Ordinal).Count() < stream.PrimaryKey.Count)
            return ("primary_key", "found a column twice in primary_key");
        if (disposition == WriteDisposition.Merge && stream.PrimaryKey.Count == 0)
            return ("write_disposition", "merge needs a primary_key: the columns that make a record's identity");
        if (stream.Deletions != Deletions.Ignore)
        {
            if (stream.WriteDisposition is WriteDisposition.Append or WriteDisposition.Replace)
                return ("deletions", $"deletions need write_disposition: merge, found {stream.WriteDisposition.ToString()!.ToLowerInvariant()}");
            if (stream.PrimaryKey.Count == 0)
                return ("deletions", "deletions need a primary_key: without one, nobody can tell which rows are gone");
        }
        if (disposition == WriteDisposition.Replace && RefreshOf(stream) == Refresh.Incremental)
            return ("write_disposition", "replace needs a full read, or the table would lose what is not new: set refresh: full, or use merge");
        return Scheduled(stream.Schedule) ?? Sliced(stream, disposition) ?? Partitioning(stream) ?? Incremental(stream.Incremental, disposition);
    }

    /// <summary>What becomes of a stream's records.</summary>
    /// <param name="stream">The stream.</param>
    public static WriteDisposition DispositionOf(StreamDefinition stream) =>
        stream.WriteDisposition ?? (stream.PrimaryKey.Count > 0 ? WriteDisposition.Merge : WriteDisposition.Append);

    private static Refresh? RefreshOf(StreamDefinition stream) => stream.Refresh ?? (stream.Incremental is null ? null : Refresh.Incremental);

    private static (string? Key, string Message)? Scheduled(StreamSchedule? schedule) => schedule switch
    {
        null => null,
        { Every: not null, Cron: not null } => ("schedule", "found every and schedule: take one of them out"),
        { Every: null, Cron: null } => ("time_zone", "time_zone is of schedule, which is missing: add it, or take time_zone out"),
        { Every: { } every } when every < TimeSpan.FromSeconds(1) => ("every", "found less than 1s, expected a longer duration, such as 15m"),
        { Every: not null, TimeZone: not "UTC" } => ("time_zone", "time_zone is of schedule; every is the same everywhere: take time_zone out"),
        _ => null,
    };

    // Each slice is a scan of its own, which knows nothing of the others' records.
    private static (string? Key, string Message)? Sliced(StreamDefinition stream, WriteDisposition disposition) =>
        stream.Slices is null ? null
        : stream.Deletions != Deletions.Ignore ? ("deletions", "deletions need one scan of everything, and slices are scans of their own: take one of the two out")
        : disposition == WriteDisposition.Replace ? ("write_disposition", "replace needs one scan of everything, and slices are scans of their own: use merge, or take slices out")
        : stream.Slices.Incremental == SlicedIncremental.Whole && disposition == WriteDisposition.Append && (stream.Incremental is not null || stream.Slices.Pages is null)
            ? ("slices", "incremental: whole reads the records at the watermark once more, and append would write them again: use merge, with a primary_key")
        : stream.Parent is not null ? ("slices", "found slices and a parent: the parent's records are what such a stream is cut by; take one of the two out")
        : null;

    // Each partition keeps its own rows unique, and knows nothing of the others.
    private static (string? Key, string Message)? Partitioning(StreamDefinition stream)
    {
        if (stream.Partitioning is not { Column: var column }) return null;
        if (stream.PrimaryKey.Count > 0 && !stream.PrimaryKey.Contains(column, StringComparer.Ordinal))
            return ("partition_by", $"the primary_key of a partitioned table must hold the column that it is partitioned by: add '{column}' to primary_key ({string.Join(", ", stream.PrimaryKey)}), or take partition_by out");
        return stream.Indexes.FirstOrDefault(i => i.Unique && !i.Columns.Contains(column, StringComparer.Ordinal)) is { } index
            ? ("indexes", $"a unique index of a partitioned table must hold the column that it is partitioned by: add '{column}' to the index ({string.Join(", ", index.Columns)}), or take unique out")
            : null;
    }

    private static (string? Key, string Message)? Incremental(IncrementalDefinition? incremental, WriteDisposition disposition)
    {
        if (incremental is null || incremental.LookbackWindow == TimeSpan.Zero) return null;
        if (disposition == WriteDisposition.Append)
            return ("incremental", "lookback_window reads records again, and append would write them again: use merge, with a primary_key");
        return incremental.CursorFormat is CursorFormat.Integer or CursorFormat.Text
            ? ("incremental", "lookback_window is a duration, which has no meaning for a cursor_format that is no time: take it out")
            : null;
    }
}
