namespace Tidemark.Http;

/// <summary>How a call that failed is tried again: waits double from <see cref="Delay"/> up to <see cref="MaxDelay"/>, with jitter.</summary>
public sealed record RetryDefinition
{
    /// <summary>How often a call is sent at most, from 1 (never again) to 100; default 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The first wait; default 1 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of our own choice, up to 1 day; default 1 min. A server's Retry-After is kept even if it is longer.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    internal (string? Key, string Message)? Problem() =>
        Attempts is < 1 or > 100 ? ("attempts", $"found {Attempts} attempts, expected 1 to 100")
        : Delay > TimeSpan.FromDays(1) ? ("delay", "found a delay of more than a day")
        : MaxDelay > TimeSpan.FromDays(1) ? ("max_delay", "found a max_delay of more than a day")
        : Delay > MaxDelay ? ("max_delay", "max_delay is shorter than delay")
        : null;
}
