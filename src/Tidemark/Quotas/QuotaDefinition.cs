namespace Tidemark.Quotas;

/// <summary>How many calls a server allows, as the user described it. Several sources may use one quota: they share what it allows.</summary>
public sealed record QuotaDefinition
{
    /// <summary>So much in so long, all of them at once; empty: no rate, or a <see cref="Bucket"/>.</summary>
    public IReadOnlyList<QuotaRate> Rates { get; init; } = [];

    /// <summary>A balance that refills; null: none.</summary>
    public TokenBucket? Bucket { get; init; }

    /// <summary>How calls are spread over an interval; default: burst.</summary>
    public QuotaPace Pace { get; init; }

    /// <summary>The share of each rate, of the bucket's capacity and of each budget that is left to others, 0 to below 1; default 0.</summary>
    public double Reserve { get; init; }

    /// <summary>Caps of a calendar period.</summary>
    public IReadOnlyList<QuotaBudget> Budgets { get; init; } = [];

    /// <summary>What of a server's answers is listened to; default: Retry-After and headers.</summary>
    public QuotaSignals Signals { get; init; } = QuotaSignals.RetryAfter | QuotaSignals.Headers;

    /// <summary>A wait that is longer than this ends the run, to be started again later; default 5 minutes.</summary>
    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromMinutes(5);
}
