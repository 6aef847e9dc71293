namespace Tidemark.Cli.Monitoring;

/// <summary>What is known of a pipeline over many looks.</summary>
internal sealed class PipelineWatch
{
    private readonly Dictionary<string, StreamWatch> _streams = new(StringComparer.Ordinal);

    public int Looks { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>How long it has been watched.</summary>
    public TimeSpan Elapsed { get; private set; }

    public SeenNumber Memory { get; } = new();

    public SeenNumber Database { get; } = new();

    public SeenNumber DiskFree { get; } = new();

    public SeenNumber Failed { get; } = new();

    public IReadOnlyDictionary<string, StreamWatch> Streams => _streams;

    /// <summary>Takes a look, and compares each stream with the look before.</summary>
    public IReadOnlyList<StreamLook> Take(Observation observation)
    {
        if (Looks++ == 0) StartedAt = observation.At;
        Elapsed = observation.Elapsed;
        Memory.Take(observation.MemoryBytes);
        Database.Take(observation.DatabaseBytes);
        DiskFree.Take(observation.DiskFreeBytes);
        Failed.Take(observation.FailedRecords);
        return [.. observation.Streams.Select(s =>
        {
            if (!_streams.TryGetValue(s.Stream, out var watch)) _streams[s.Stream] = watch = new StreamWatch();
            var look = watch.Take(s, observation.Finishes.GetValueOrDefault(s.Stream), observation.Slices.GetValueOrDefault(s.Stream), observation.At, observation.Elapsed);
            return observation.Parked.TryGetValue(s.Stream, out var until) ? look with { ParkedUntil = until } : look;
        })];
    }
}
