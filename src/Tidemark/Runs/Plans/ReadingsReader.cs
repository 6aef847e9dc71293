using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Planning;
using Tidemark.Slices;

namespace Tidemark.Runs.Plans;

/// <summary>Reads what a run would do with a stream: from its checkpoints in the destination, and from what the store knows of its slices. Changes nothing.</summary>
internal sealed class ReadingsReader(PipelineDefinition pipeline, RunOptions options, IDestination destination, IStore? store, DateTimeOffset now)
{
    /// <summary>Reads it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="history">What earlier runs have shown.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<PlannedReadings> ReadAsync(StreamDefinition stream, StreamHistory history, CancellationToken cancellationToken)
    {
        var checkpoint = await destination.ReadCheckpointAsync(pipeline.Name, stream.Name, cancellationToken);
        var hadRows = stream.Refresh == Refresh.Once && (await destination.DescribeAsync(stream.Target(pipeline.Name), cancellationToken))?.Rows > 0;
        // Pages are as many whoever reads them: shared out or not.
        return stream.Slices is { Pages: null } slices && !SlicedImport.IsWhole(stream, options, checkpoint)
            ? await SlicedAsync(stream, slices, checkpoint, hadRows, cancellationToken)
            : Whole(stream, StreamPlan.Of(stream, options, checkpoint, hadRows, now), checkpoint, history);
    }

    private static PlannedReadings Whole(StreamDefinition stream, StreamPlan plan, Checkpoint checkpoint, StreamHistory history)
    {
        if (plan.Skip) return new PlannedReadings();
        var (done, failed) = (plan.Resume?.Read ?? 0, plan.Resume?.Failed ?? 0);
        var planned = new PlannedReadings { Mode = plan.Mode, Plan = plan, Done = done, Failed = failed, Readings = [new ReadingFacts(null, done)] };
        if (plan.Resume?.Total is { } told && TotalCounts(stream, plan.Mode)) return planned with { Readings = [new ReadingFacts(told, done)], RecordsFrom = "as the source said" };
        // A scan that goes on has read what it has, whatever was read before.
        if (plan.Mode != RunMode.Incremental && checkpoint.LastFullRead is { } last)
            return planned with { Readings = [new ReadingFacts(Math.Max(last, done), done)], RecordsFrom = "as many as the last full read", About = true };
        if (plan.Mode == RunMode.Incremental && done == 0 && history.Incremental.Count > 0)
        {
            var (records, pages) = (Median(history.Incremental.Select(r => r.Records)), Median(history.Incremental.Select(r => r.Pages)));
            var runs = history.Incremental.Count == 1 ? "the last incremental run" : $"the last {history.Incremental.Count} incremental runs, the middle one of them";
            return planned with { Readings = [new ReadingFacts(records, 0) { AllPages = Math.Max(1, pages) }], RecordsFrom = $"as {runs}", About = true };
        }
        return planned;
    }

    /// <summary>True if the total that a source tells is what a scan reads: one that stops at the first old record does not read all.</summary>
    public static bool TotalCounts(StreamDefinition stream, RunMode mode) => mode != RunMode.Incremental || stream.Incremental?.RowOrder != Scanning.RowOrder.Desc;

    private async Task<PlannedReadings> SlicedAsync(StreamDefinition stream, SlicesDefinition slices, Checkpoint checkpoint, bool hadRows, CancellationToken cancellationToken)
    {
        if (SlicedImport.Of(stream, options, checkpoint, hadRows, now) is not { } import) return new PlannedReadings();
        var known = await destination.ReadSliceCheckpointsAsync(pipeline.Name, stream.Name, cancellationToken);
        var kept = store is null ? [] : (await store.ListSlicesAsync(pipeline.Name, stream.Name, cancellationToken)).ToDictionary(s => s.Slice, StringComparer.Ordinal);
        var begins = checkpoint.Resume is null;
        var (readings, done, failed, read, partly, refused) = (new List<ReadingFacts>(), 0L, 0L, 0L, 0L, 0L);
        string? first = null;
        foreach (var slice in slices.All(import.StartedAt))
        {
            var state = kept.GetValueOrDefault(slice.Name);
            var position = known.GetValueOrDefault(slice.Name, Checkpoint.None);
            if (import.IsDone(position))
            {
                done++;
                // How many records it had, only the store knows.
                read += begins ? 0 : state?.Read ?? 0;
                refused += begins ? 0 : state?.Failed ?? 0;
                continue;
            }
            first ??= slice.Name;
            if (state?.Status == SliceStatus.Failed) failed++;
            var resume = import.Mode == RunMode.Incremental || (slices.Incremental == SlicedIncremental.Whole && !import.HasBegun(position)) ? null : ResumePoint.FromJson(position.Resume);
            // Of an import that is still to begin the store has what the one before has read.
            var before = begins && import.Mode != RunMode.Incremental && state?.Status == SliceStatus.Done ? state.Read : (long?)null;
            readings.Add(new ReadingFacts(resume?.Total ?? before, resume?.Read ?? 0));
            (partly, refused) = (partly + (resume?.Read ?? 0), refused + (resume?.Failed ?? 0));
        }
        var planned = new PlannedReadings
        {
            Mode = import.Mode,
            Plan = StreamPlan.Of(stream with { Slices = null }, options with { Full = import.Mode != RunMode.Incremental }, checkpoint with { Resume = null }, tableHadRows: false, now),
            Readings = readings,
            Told = readings,
            Parallel = slices.Parallel,
            FirstSlice = first,
            Done = read + partly,
            Failed = refused,
            Slices = new SliceStatistics(stream.Name, readings.Count - failed, 0, done, failed, read + partly, refused, 0),
        };
        return import.Mode == RunMode.Incremental ? planned : Completed(planned, checkpoint.LastFullRead, read);
    }

    // What is not known of single slices follows from what all of them have, or from those that are done.
    private static PlannedReadings Completed(PlannedReadings planned, long? all, long read)
    {
        var unknown = planned.Readings.Count(r => r.Records is null);
        if (unknown == 0) return planned with { RecordsFrom = "as the source said, or as the last import read", About = true };
        if (all is { } total) return Spread(planned, total, read, "as many as the last full read, in slices alike");
        if (planned.Slices is { Done: > 0 } slices && read > 0)
            return Spread(planned, read / slices.Done * slices.Total, read, $"as many in each slice as in the {slices.Done} that are done");
        return planned;
    }

    /// <summary>Spreads what is left of a total evenly over the slices of which nothing is known.</summary>
    /// <param name="planned">What is known.</param>
    /// <param name="total">Records of all slices.</param>
    /// <param name="read">Records of the slices that are done.</param>
    /// <param name="from">Where the total comes from.</param>
    public static PlannedReadings Spread(PlannedReadings planned, long total, long read, string from)
    {
        var unknown = planned.Readings.Count(r => r.Records is null);
        if (unknown == 0) return planned;
        var left = Math.Max(0, total - read - planned.Readings.Sum(r => r.Records ?? 0));
        var (each, more) = (left / unknown, left % unknown);
        var readings = planned.Readings.Select(r => r.Records is not null ? r : r with { Records = Math.Max(r.Done, each + (more-- > 0 ? 1 : 0)) }).ToList();
        return planned with { Readings = readings, RecordsFrom = from, About = true };
    }

    private static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
