using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Lookups;

namespace Tidemark.Sqlite.Store;

/// <summary>What lookups share, in a store. Time is the store's clock.</summary>
internal static class LookupTables
{
    /// <summary>Takes leases that are free; the keys that the owner holds now.</summary>
    public static async Task<IReadOnlySet<string>> TakeAsync(
        SqliteConnection connection, string lookup, IReadOnlyCollection<string> keys, string owner, DateTimeOffset now, TimeSpan length, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            INSERT INTO lookup_leases(lookup, cache_key, owner, expires_at) SELECT $lookup, value, $owner, $until FROM json_each($keys) WHERE true
            ON CONFLICT(lookup, cache_key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, failure = NULL
            WHERE lookup_leases.expires_at <= $now OR lookup_leases.failure IS NOT NULL OR lookup_leases.owner = excluded.owner
            RETURNING cache_key
            """, ("$lookup", lookup), ("$keys", JsonSerializer.Serialize(keys)), ("$owner", owner), ("$until", Command.Of(now + length)), ("$now", Command.Of(now)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken)) taken.Add(row.GetString(0));
        return taken;
    }

    /// <summary>Those of some keys that are not over.</summary>
    public static async Task<IReadOnlyDictionary<string, LookupLease>> FindLeasesAsync(SqliteConnection connection, string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            "SELECT cache_key, owner, failure FROM lookup_leases WHERE lookup = $lookup AND cache_key IN (SELECT value FROM json_each($keys)) AND expires_at > $now",
            ("$lookup", lookup), ("$keys", JsonSerializer.Serialize(keys)), ("$now", Command.Of(now)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new Dictionary<string, LookupLease>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken)) leases[row.GetString(0)] = new LookupLease(row.GetString(1), Command.Text(row, 2));
        return leases;
    }

    /// <summary>Ends leases of an owner.</summary>
    public static async Task EndAsync(SqliteConnection connection, string lookup, IReadOnlyCollection<string> keys, string owner, string? failure, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const string Where = "WHERE lookup = $lookup AND owner = $owner AND cache_key IN (SELECT value FROM json_each($keys))";
        await using var command = Command.Of(connection,
            failure is null ? $"DELETE FROM lookup_leases {Where}" : $"UPDATE lookup_leases SET failure = $failure, expires_at = $until {Where}",
            ("$lookup", lookup), ("$keys", JsonSerializer.Serialize(keys)), ("$owner", owner), ("$failure", failure), ("$until", Command.Of(until)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps that there are no answers.</summary>
    public static async Task KeepNegativesAsync(SqliteConnection connection, string lookup, IReadOnlyCollection<string> keys, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            INSERT INTO lookup_negatives(lookup, cache_key, expires_at) SELECT $lookup, value, $until FROM json_each($keys) WHERE true
            ON CONFLICT(lookup, cache_key) DO UPDATE SET expires_at = excluded.expires_at
            """, ("$lookup", lookup), ("$keys", JsonSerializer.Serialize(keys)), ("$until", Command.Of(until)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Those of some keys that are known to have no answer.</summary>
    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> FindNegativesAsync(SqliteConnection connection, string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            "SELECT cache_key, expires_at FROM lookup_negatives WHERE lookup = $lookup AND cache_key IN (SELECT value FROM json_each($keys)) AND expires_at > $now",
            ("$lookup", lookup), ("$keys", JsonSerializer.Serialize(keys)), ("$now", Command.Of(now)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var negatives = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken)) negatives[row.GetString(0)] = Command.Time(row, 1);
        return negatives;
    }

    /// <summary>Adds to counts; how often the lookup was emptied.</summary>
    public static async Task<long> AddCountsAsync(SqliteConnection connection, string lookup, LookupCounts counts, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            INSERT INTO lookup_counts(lookup, hits, misses, stale, negative, failures, calls, cost_spent, cost_saved)
            VALUES($lookup, $hits, $misses, $stale, $negative, $failures, $calls, $spent, $saved)
            ON CONFLICT(lookup) DO UPDATE SET hits = hits + excluded.hits, misses = misses + excluded.misses, stale = stale + excluded.stale, negative = negative + excluded.negative,
                failures = failures + excluded.failures, calls = calls + excluded.calls, cost_spent = cost_spent + excluded.cost_spent, cost_saved = cost_saved + excluded.cost_saved
            RETURNING emptied
            """, ("$lookup", lookup), ("$hits", counts.Hits), ("$misses", counts.Misses), ("$stale", counts.Stale), ("$negative", counts.Negative), ("$failures", counts.Failures),
            ("$calls", counts.Calls), ("$spent", counts.CostSpent), ("$saved", counts.CostSaved));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The counts of a pipeline's lookups.</summary>
    public static async Task<IReadOnlyDictionary<string, LookupCounts>> ReadCountsAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            "SELECT substr(lookup, $from), hits, misses, stale, negative, failures, calls, cost_spent, cost_saved FROM lookup_counts WHERE substr(lookup, 1, $from - 1) = $prefix",
            ("$from", pipeline.Length + 2), ("$prefix", pipeline + "/"));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new Dictionary<string, LookupCounts>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            all[row.GetString(0)] = new LookupCounts
            {
                Hits = row.GetInt64(1), Misses = row.GetInt64(2), Stale = row.GetInt64(3), Negative = row.GetInt64(4), Failures = row.GetInt64(5), Calls = row.GetInt64(6),
                CostSpent = row.GetDouble(7), CostSaved = row.GetDouble(8),
            };
        }
        return all;
    }

    /// <summary>Deletes what is over; of a lookup that is emptied, all negatives.</summary>
    public static async Task PurgeAsync(SqliteConnection connection, string lookup, bool isEmptied, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var command = Command.Of(connection,
            """
            DELETE FROM lookup_negatives WHERE lookup = $lookup AND (expires_at <= $now OR $emptied);
            DELETE FROM lookup_leases WHERE lookup = $lookup AND expires_at <= $now;
            INSERT INTO lookup_counts(lookup, emptied) SELECT $lookup, 1 WHERE $emptied ON CONFLICT(lookup) DO UPDATE SET emptied = emptied + 1
            """, ("$lookup", lookup), ("$now", Command.Of(now)), ("$emptied", isEmptied));
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
