using System.Collections.Concurrent;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Slices;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>How far the slices of an import have come, here and, as a copy for people and statistics, in the store. Safe for several tasks.</summary>
internal sealed class SliceStates(StreamContext context)
{
    private readonly ConcurrentDictionary<string, SliceState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long?> _expected = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _all = [];

    public SliceState this[SliceValues slice] => _states[slice.Name];

    /// <summary>Those that failed as often as they may, by name.</summary>
    public IReadOnlyList<SliceState> Failed => [.. _states.Values.Where(s => s.Status == SliceStatus.Failed).OrderBy(s => s.Slice, StringComparer.Ordinal)];

    /// <summary>Takes the slices as they are at the beginning of a run, or when more of them become known.</summary>
    /// <param name="import">What is read.</param>
    /// <param name="all">All of them, in order.</param>
    /// <param name="checkpoints">Their checkpoints, by name; of those that are to be read whatever was done before, none.</param>
    /// <param name="begins">True if nothing of the import was read before.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task PlanAsync(SlicedImport import, IReadOnlyList<SliceValues> all, IReadOnlyDictionary<string, Checkpoint> checkpoints, bool begins, CancellationToken cancellationToken)
    {
        // What is done, and what was read, is not for the copy to say: a process that was killed has committed more than it could tell. It knows of attempts, and of the import before.
        var kept = context.Slices is null
            ? []
            : (await context.Slices.ListSlicesAsync(context.PipelineName, context.Stream.Name, cancellationToken)).ToDictionary(s => s.Slice, StringComparer.Ordinal);
        var incremental = context.Stream.Slices!.Incremental;
        foreach (var slice in all)
        {
            var (checkpoint, before) = (checkpoints.GetValueOrDefault(slice.Name, Checkpoint.None), kept.GetValueOrDefault(slice.Name));
            var isNew = _states.TryAdd(slice.Name, import.StateOf(slice.Name, checkpoint, begins ? null : before, incremental));
            var last = begins && import.Mode != RunMode.Incremental && before?.Status == SliceStatus.Done ? before.Read : (long?)null;
            if (isNew || slice.Pages is not null) _expected[slice.Name] = slice.Pages?.Records ?? import.ResumeOf(checkpoint, incremental)?.Total ?? last;
        }
        _all = [.. all.Select(s => s.Name)];
        if (context.Slices is { } store) await store.ReplaceSlicesAsync(context.PipelineName, context.Stream.Name, [.. all.Select(s => this[s])], cancellationToken);
    }

    /// <summary>Where all of them stand, in order.</summary>
    /// <param name="reading">Tells where the reading of one stands that is being read; null: it is not.</param>
    public IReadOnlyList<SlicePosition> Positions(Func<string, ReadingNow?> reading) => [.. _all.Select(name =>
    {
        var (state, now) = (_states[name], reading(name));
        return new SlicePosition(name, state.Status, now?.Read ?? state.Read, state.Failed) { Records = (now?.IsLast == true ? now?.Records : null) ?? _expected[name] ?? now?.Records, Reading = now };
    })];

    /// <summary>Takes what has become of a slice.</summary>
    public async Task KeepAsync(SliceState state)
    {
        _states[state.Slice] = state;
        context.OnSlices?.Invoke(Summary());
        if (context.Slices is not { } store) return;
        try
        {
            await store.UpdateSliceAsync(context.PipelineName, context.Stream.Name, state, CancellationToken.None);
        }
        catch (DestinationException e)
        {
            // It is a copy: the next run makes it anew from the checkpoints.
            context.Warn($"the state of slice {state.Slice} could not be kept in the store: {e.Message}");
        }
    }

    /// <summary>All of them in one line.</summary>
    public SliceStatistics Summary()
    {
        var states = _states.Values;
        long Count(SliceStatus status) => states.Count(s => s.Status == status);
        return new SliceStatistics(context.Stream.Name, Count(SliceStatus.Pending), Count(SliceStatus.Running), Count(SliceStatus.Done), Count(SliceStatus.Failed),
            states.Sum(s => s.Read), states.Sum(s => s.Failed), states.Sum(s => s.Attempts));
    }
}
