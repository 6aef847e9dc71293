using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Slices;

namespace Tidemark.Reports;

/// <summary>Tells how a pipeline stands: what its destinations have committed and what its store keeps. It changes nothing and waits for no writer.</summary>
public static class StatusReader
{
    /// <summary>How many runs a status has.</summary>
    public const int MostRuns = 5;

    /// <summary>Looks.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="destination">Gives a live destination by its name.</param>
    /// <param name="store">The store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The store can't be read. A destination that can't be is one of <see cref="PipelineStatus.Problems"/>.</exception>
    public static async Task<PipelineStatus> ReadAsync(PipelineDefinition pipeline, Func<string, IDestination> destination, IStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        var (databases, problems) = (new Dictionary<string, ObservedDatabase>(StringComparer.Ordinal), new List<string>());
        foreach (var name in pipeline.Streams.Select(pipeline.DestinationOf).Distinct(StringComparer.Ordinal))
        {
            try
            {
                databases[name] = await destination(name).ObserveAsync(pipeline.Name, cancellationToken);
            }
            catch (DestinationException e)
            {
                problems.Add($"{name}: {e.Message}");
            }
        }
        var slices = (await store.SummarizeSlicesAsync(pipeline.Name, cancellationToken)).ToDictionary(s => s.Stream, StringComparer.Ordinal);
        return new PipelineStatus
        {
            PipelineName = pipeline.Name,
            At = time.GetUtcNow(),
            Streams = [.. pipeline.Streams.Select(s => StatusOf(s, pipeline.DestinationOf(s), databases, slices))],
            Runs = await store.ListRunsAsync(pipeline.Name, MostRuns, before: null, cancellationToken),
            FailedRecords = await store.CountOpenAsync(pipeline.Name, cancellationToken),
            Problems = problems,
        };
    }

    private static StreamStatus StatusOf(StreamDefinition stream, string destination, Dictionary<string, ObservedDatabase> databases, Dictionary<string, SliceStatistics> slices)
    {
        var known = databases.GetValueOrDefault(destination);
        var observed = known?.Streams.FirstOrDefault(o => string.Equals(o.Stream, stream.Name, StringComparison.Ordinal));
        var checkpoint = known is null ? null : observed?.Checkpoint ?? Checkpoint.None;
        return new StreamStatus(stream.Name, destination, checkpoint, observed?.Holder is { } holder ? LeaseOwner.ForPeople(holder) : null, stream.Slices is null ? null : slices.GetValueOrDefault(stream.Name));
    }
}
