using System.Collections.Concurrent;
using Tidemark.Destinations;
using Tidemark.Slices;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>How far the slices of an import have come, here and, as a copy for people and statistics, in the store. Safe for several tasks.</summary>
internal sealed class SliceStates(StreamContext context)
{
    private readonly ConcurrentDictionary<string, SliceState> _states = new(StringComparer.Ordinal);

    public SliceState this[SliceValues slice] => _states[slice.Name];

    /// <summary>Those that failed as often as they may, by name.</summary>
    public IReadOnlyList<SliceState> Failed => [.. _states.Values.Where(s => s.Status == SliceStatus.Failed).OrderBy(s => s.Slice, StringComparer.Ordinal)];

    /// <summary>Takes the slices as they are at the beginning of a run, or when more of them become known.</summary>
    /// <param name="all">All of them, in order.</param>
    /// <param name="left">Those that are not done.</param>
    /// <param name="begins">True if nothing of the import was read before.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task PlanAsync(IReadOnlyList<SliceValues> all, IReadOnlyList<SliceValues> left, bool begins, CancellationToken cancellationToken)
    {
        // Of an import that goes on, attempts and records so far are known; which slices are done is not for the copy to say.
        var before = begins || context.Slices is null
            ? []
            : (await context.Slices.ListSlicesAsync(context.PipelineName, context.Stream.Name, cancellationToken)).ToDictionary(s => s.Slice, StringComparer.Ordinal);
        var open = left.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in all.Select(s => s.Name))
            _states.TryAdd(name, before.GetValueOrDefault(name, new SliceState(name, SliceStatus.Pending)) with { Status = open.Contains(name) ? SliceStatus.Pending : SliceStatus.Done });
        if (context.Slices is { } store) await store.ReplaceSlicesAsync(context.PipelineName, context.Stream.Name, [.. all.Select(s => this[s])], cancellationToken);
    }

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
