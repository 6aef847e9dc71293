namespace Tidemark.Runs.Retries;

/// <summary>What became of failed records that were tried again.</summary>
public sealed record RetryReport
{
    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The worst of its streams.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>A report for each stream that had records to try, in declared order.</summary>
    public required IReadOnlyList<StreamRetryReport> Streams { get; init; }
}
