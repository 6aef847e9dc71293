namespace Tidemark.Runs.Retries;

/// <summary>What one retry of failed records is asked to do.</summary>
public sealed record RetryOptions
{
    /// <summary>Only these records, by their whole ids; empty: all that are open.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Only records of these streams; empty: of all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>How long to wait for a stream that somebody else is writing; default 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
