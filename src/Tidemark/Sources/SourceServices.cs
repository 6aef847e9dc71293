using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Quotas;

namespace Tidemark.Sources;

/// <summary>What a source may use of its surroundings.</summary>
public sealed record SourceServices
{
    /// <summary>The clock for everything: waits, expiry, stamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Randomness, for jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>What every call of the source has to pass; null: calls are not limited.</summary>
    public IQuota? Quota { get; init; }

    /// <summary>Where it logs. Never secrets.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Where it logs each call, at level information: what is asked, what came back, how long it took. Never secrets.</summary>
    public ILogger AccessLog { get; init; } = NullLogger.Instance;
}
