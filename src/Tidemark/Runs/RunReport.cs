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

    /// <summary>A report a stream, in declared order.</summary>
    public required IReadOnlyList<StreamReport> Streams { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The sum over all streams.</summary>
    /// <param name="counter">Of what.</param>
    public long Total(Counter counter) => Streams.Sum(s => s.Counts[counter]);
}
