using Tidemark.Lookups;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>What lookups share, in a store. Leases go by the database's clock.</summary>
internal static class PgLookupTables
{
    /// <summary>Takes leases that are free; the keys that the owner holds now.</summary>
    public static async Task<IReadOnlySet<string>> TakeAsync(Session session, string lookup, IReadOnlyCollection<string> keys, string owner, TimeSpan length, CancellationToken cancellationToken)
    {
        // In order, so that two who take the same ones do not block each other.
        var rows = await session.RowsAsync(
            """
            INSERT INTO tidemark.lookup_leases AS l (lookup, cache_key, owner, expires_at) SELECT $1, k, $3, clock_timestamp() + $4 FROM unnest($2::text[]) AS k ORDER BY k
            ON CONFLICT (lookup, cache_key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, failure = NULL
            WHERE l.expires_at <= clock_timestamp() OR l.failure IS NOT NULL OR l.owner = excluded.owner
            RETURNING cache_key
            """, cancellationToken, lookup, keys.ToArray(), owner, length);
        return rows.Select(r => (string)r[0]!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Those of some keys that are not over.</summary>
    public static async Task<IReadOnlyDictionary<string, LookupLease>> FindLeasesAsync(Session session, string lookup, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT cache_key, owner, failure FROM tidemark.lookup_leases WHERE lookup = $1 AND cache_key = ANY($2) AND expires_at > clock_timestamp()", cancellationToken, lookup, keys.ToArray());
        return rows.ToDictionary(r => (string)r[0]!, r => new LookupLease((string)r[1]!, (string?)r[2]), StringComparer.Ordinal);
    }

    /// <summary>Ends leases of an owner.</summary>
    public static Task<long> EndAsync(Session session, string lookup, IReadOnlyCollection<string> keys, string owner, string? failure, TimeSpan kept, CancellationToken cancellationToken) => failure is null
        ? session.ExecuteAsync("DELETE FROM tidemark.lookup_leases WHERE lookup = $1 AND owner = $3 AND cache_key = ANY($2)", cancellationToken, lookup, keys.ToArray(), owner)
        : session.ExecuteAsync("UPDATE tidemark.lookup_leases SET failure = $4, expires_at = clock_timestamp() + $5 WHERE lookup = $1 AND owner = $3 AND cache_key = ANY($2)", cancellationToken,
            lookup, keys.ToArray(), owner, StoreText.Safe(failure), kept);

    /// <summary>Keeps that there are no answers.</summary>
    public static Task<long> KeepNegativesAsync(Session session, string lookup, IReadOnlyCollection<string> keys, DateTimeOffset until, CancellationToken cancellationToken) => session.ExecuteAsync(
        """
        INSERT INTO tidemark.lookup_negatives(lookup, cache_key, expires_at) SELECT $1, k, $3 FROM unnest($2::text[]) AS k ORDER BY k
        ON CONFLICT (lookup, cache_key) DO UPDATE SET expires_at = excluded.expires_at
        """, cancellationToken, lookup, keys.ToArray(), StoreText.Of(until));

    /// <summary>Those of some keys that are known to have no answer.</summary>
    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> FindNegativesAsync(Session session, string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT cache_key, expires_at FROM tidemark.lookup_negatives WHERE lookup = $1 AND cache_key = ANY($2) AND expires_at > $3", cancellationToken, lookup, keys.ToArray(), StoreText.Of(now));
        return rows.ToDictionary(r => (string)r[0]!, r => StoreText.Time(r[1])!.Value, StringComparer.Ordinal);
    }

    /// <summary>Adds to counts; how often the lookup was emptied.</summary>
    public static async Task<long> AddCountsAsync(Session session, string lookup, LookupCounts counts, CancellationToken cancellationToken) => (long)(await session.ScalarAsync(
        """
        INSERT INTO tidemark.lookup_counts AS c (lookup, hits, misses, stale, negative, failures, calls, cost_spent, cost_saved) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (lookup) DO UPDATE SET hits = c.hits + excluded.hits, misses = c.misses + excluded.misses, stale = c.stale + excluded.stale, negative = c.negative + excluded.negative,
            failures = c.failures + excluded.failures, calls = c.calls + excluded.calls, cost_spent = c.cost_spent + excluded.cost_spent, cost_saved = c.cost_saved + excluded.cost_saved
        RETURNING emptied
        """, cancellationToken, lookup, counts.Hits, counts.Misses, counts.Stale, counts.Negative, counts.Failures, counts.Calls, counts.CostSpent, counts.CostSaved))!;

    /// <summary>The counts of a pipeline's lookups.</summary>
    public static async Task<IReadOnlyDictionary<string, LookupCounts>> ReadCountsAsync(Session session, string pipeline, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            "SELECT substr(lookup, $2), hits, misses, stale, negative, failures, calls, cost_spent, cost_saved FROM tidemark.lookup_counts WHERE substr(lookup, 1, $2 - 1) = $1", cancellationToken, pipeline + "/", pipeline.Length + 2);
        return rows.ToDictionary(r => (string)r[0]!, r => new LookupCounts
        {
            Hits = (long)r[1]!, Misses = (long)r[2]!, Stale = (long)r[3]!, Negative = (long)r[4]!, Failures = (long)r[5]!, Calls = (long)r[6]!, CostSpent = (double)r[7]!, CostSaved = (double)r[8]!,
        }, StringComparer.Ordinal);
    }

    /// <summary>Deletes what is over; of a lookup that is emptied, all negatives. To be called in a transaction.</summary>
    public static async Task<bool> PurgeAsync(Session session, string lookup, bool isEmptied, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("DELETE FROM tidemark.lookup_negatives WHERE lookup = $1 AND (expires_at <= $2 OR $3)", cancellationToken, lookup, StoreText.Of(now), isEmptied);
        await session.ExecuteAsync("DELETE FROM tidemark.lookup_leases WHERE lookup = $1 AND expires_at <= clock_timestamp()", cancellationToken, lookup);
        if (isEmptied) await session.ExecuteAsync("INSERT INTO tidemark.lookup_counts AS c (lookup, emptied) VALUES($1, 1) ON CONFLICT (lookup) DO UPDATE SET emptied = c.emptied + 1", cancellationToken, lookup);
        return true;
    }
}
