namespace Tidemark.Http.Calls;

/// <summary>Why a call brought no page.</summary>
/// <param name="What">What happened: <c>answered 500</c>, <c>gave no answer within 30s</c>.</param>
internal sealed record Failure(string What)
{
    /// <summary>The status; null: there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>True if it may pass.</summary>
    public bool Retry { get; init; }

    /// <summary>True if the server limits the calls.</summary>
    public bool RateLimited { get; init; }

    /// <summary>True if a new token may help.</summary>
    public bool RefreshToken { get; init; }

    /// <summary>How long the server wants us to wait; a floor.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the quota has heard of <see cref="RetryAfter"/>: it is the quota that waits.</summary>
    public bool QuotaWaits { get; init; }

    /// <summary>What the answer held, fit to be shown; empty: nothing.</summary>
    public string Excerpt { get; init; } = "";

    /// <summary>What to do; empty: what the status says.</summary>
    public string Advice { get; init; } = "";

    /// <summary>True if the server may have refused the position of the page.</summary>
    public bool MayBePosition { get; init; }

    public Exception? Cause { get; init; }
}
