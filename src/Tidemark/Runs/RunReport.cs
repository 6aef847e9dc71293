using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>What a run did.</summary>
public sealed record RunReport
{
    /// <summary>Unique; sorts by time.</summary>
    public required string RunId { get; init; }

    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The worst of its streams.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>
    /// How long at least one call was waiting because a quota or the server asked for it. Streams that waited side by side count once. Null, as of runs that were kept: only its streams are known.
    /// </summary>
    public TimeSpan? Throttled { get; init; }

    /// <summary>A report a stream, in declared order.</summary>
    public required IReadOnlyList<StreamReport> Streams { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The sum over all streams; of the time that calls waited, what the whole run did.</summary>
    /// <param name="counter">Of what.</param>
    public long Total(Counter counter)
    {
        var sum = Streams.Sum(s => s.Counts[counter]);
        return counter == Counter.ThrottledMs ? (long)(Throttled?.TotalMilliseconds ?? Math.Min(sum, Duration.TotalMilliseconds)) : sum;
    }
}
