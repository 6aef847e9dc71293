using Microsoft.Data.Sqlite;

namespace Tidemark.Sqlite.Store;

/// <summary>The quota ledger of a store.</summary>
internal static class QuotaTable
{
    /// <summary>Changes the state of a quota.</summary>
    public static async Task UpdateAsync(SqliteConnection connection, string quota, Func<string?, DateTimeOffset, string?> change, TimeProvider time, CancellationToken cancellationToken)
    {
        // The write lock before the first look: nobody changes it in between.
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var read = Command.Of(connection, "SELECT state FROM quota_ledger WHERE quota = $quota", ("$quota", quota));
        var now = time.GetUtcNow();
        if (change((string?)await read.ExecuteScalarAsync(cancellationToken), now) is not { } state) return;
        await using var write = Command.Of(connection,
            "INSERT INTO quota_ledger(quota, state, changed_at) VALUES($quota, $state, $now) ON CONFLICT(quota) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at",
            ("$quota", quota), ("$state", state), ("$now", Command.Of(now)));
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
