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
        if (stream.Slices is { } slices && !SlicedImport.IsWhole(stream, options, checkpoint))
        {
            if (SlicedImport.Of(stream, options, checkpoint, hadRows, now) is not { } import) return new PlannedReadings();
            // As long as nobody knows how many there are, they are as many whoever reads them: shared out or not.
            if (slices.Pages is null || import.Start is { Total: not null }) return await SlicedAsync(stream, slices, import, checkpoint, cancellationToken);
        }
        return Whole(stream, StreamPlan.Of(stream, options, checkpoint, hadRows, now), checkpoint, history);
    }

    private static PlannedReadings Whole(StreamDefinition stream, StreamPlan plan, Checkpoint checkpoint, StreamHistory history)
    {
        if (plan.Skip) return new PlannedReadings();
        var (done, told) = (plan.Resume?.Read ?? 0, TotalCounts(stream, plan.Mode) ? plan.Resume?.Total : null);
        return PlannedReadings.Of(plan.Mode, new ReadingFacts(null, done), told, checkpoint.LastFullRead, done == 0 ? history.Incremental : []) with { Plan = plan, Failed = plan.Resume?.Failed ?? 0 };
    }

    /// <summary>True if the total that a source tells is what a scan reads: one that stops at the first old record does not read all.</summary>
    public static bool TotalCounts(StreamDefinition stream, RunMode mode) => mode != RunMode.Incremental || stream.Incremental?.RowOrder != Scanning.RowOrder.Desc;

    private async Task<PlannedReadings> SlicedAsync(StreamDefinition stream, SlicesDefinition slices, SlicedImport import, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var known = await destination.ReadSliceCheckpointsAsync(pipeline.Name, stream.Name, cancellationToken);
        var kept = store is null ? [] : (await store.ListSlicesAsync(pipeline.Name, stream.Name, cancellationToken)).ToDictionary(s => s.Slice, StringComparer.Ordinal);
        var begins = checkpoint.Resume is null;
        var positions = slices.All(import.StartedAt, import.Start?.Total, import.Start?.PageLength).Select(slice =>
        {
            var (position, before) = (known.GetValueOrDefault(slice.Name, Checkpoint.None), kept.GetValueOrDefault(slice.Name));
            var state = import.StateOf(slice.Name, position, begins ? null : before, slices.Incremental);
            // Of an import that is still to begin the store has what the one before has read.
            var last = begins && import.Mode != RunMode.Incremental && before?.Status == SliceStatus.Done ? before.Read : (long?)null;
            var status = state.Status == SliceStatus.Pending && before?.Status == SliceStatus.Failed ? SliceStatus.Failed : state.Status;
            return new SlicePosition(slice.Name, status, state.Read, state.Failed) { Records = slice.Pages?.Records ?? import.ResumeOf(position, slices.Incremental)?.Total ?? last };
        });
        return PlannedReadings.Of(stream.Name, slices, import.Mode, positions, checkpoint.LastFullRead) with
        {
            Plan = StreamPlan.Of(stream with { Slices = null }, options with { Full = import.Mode != RunMode.Incremental }, checkpoint with { Resume = null }, tableHadRows: false, now),
        };
    }
}
