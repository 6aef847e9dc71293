using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Lookups.Keeping;
using Tidemark.Telemetry;

namespace Tidemark.Lookups.Buying;

/// <summary>What a lookup is made of.</summary>
internal sealed record LookupParts
{
    public required LookupDefinition Definition { get; init; }

    /// <summary>As the store knows it: <c>pipeline/lookup</c>.</summary>
    public required string Id { get; init; }

    public required ILookupStore Store { get; init; }

    public required AnswerSource Source { get; init; }

    public required RowFinder Finder { get; init; }

    public required RowWriter Writer { get; init; }

    public required RowMaker Maker { get; init; }

    public required AnswerMemory Memory { get; init; }

    public required HitLedger Ledger { get; init; }

    /// <summary>Makes tables that have to be made before the first answer.</summary>
    public required Func<Task> Prepare { get; init; }

    public required StreamLabels Labels { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Spreads something between nothing and all of it.</summary>
    public TimeSpan Spread(TimeSpan span)
    {
        lock (Random) return span * Random.NextDouble();
    }

    /// <summary>Puts an entry into memory.</summary>
    public KeptEntry Keep(KeptEntry entry)
    {
        Memory.Add(entry);
        return entry;
    }

    /// <summary>Where there is no answer: the old one, if it may be served, else why.</summary>
    /// <param name="key">The key.</param>
    /// <param name="old">The answer that is known to be there; null: what is in memory.</param>
    /// <param name="problem">Why.</param>
    public KeyOutcome Instead(string key, KeptEntry? old, LookupException problem)
    {
        var now = Time.GetUtcNow();
        old ??= Memory.Find(key);
        if (old is null || !old.IsUsable(now, Definition.StaleIfError)) return new KeyOutcome(null) { Problem = problem };
        old.RestUntil = (now + FailureRest).UtcTicks;
        return new KeyOutcome(old) { IsStale = !old.IsFresh(now, Definition.Ttl) };
    }

    /// <summary>How long an old answer is served without asking, after asking has failed: callers must not wait for the same failure one after the other.</summary>
    public static readonly TimeSpan FailureRest = TimeSpan.FromSeconds(10);

    /// <summary>The database, or the store, is away.</summary>
    public static LookupException Away(DestinationException e) => new(LookupFailure.Database, e.Message, e);
}
