using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>The quota ledger of a store.</summary>
internal static class PgQuotaTable
{
    // The clock is read when the row is locked: what waited for the lock must not bring an older time.
    private const string Lock =
        """
        WITH locked AS MATERIALIZED (SELECT state FROM tidemark.quota_ledger WHERE quota = $1 FOR UPDATE)
        SELECT state, clock_timestamp() FROM locked
        """;

    /// <summary>Changes the state of a quota; to be called in a transaction.</summary>
    public static async Task<bool> UpdateAsync(Session session, string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(Lock, cancellationToken, quota);
        if (rows.Count == 0)
        {
            await session.ExecuteAsync("INSERT INTO tidemark.quota_ledger(quota, state, changed_at) VALUES($1, '', clock_timestamp()) ON CONFLICT(quota) DO NOTHING", cancellationToken, quota);
            rows = await session.RowsAsync(Lock, cancellationToken, quota);
        }
        var (before, now) = ((string)rows[0][0]!, StoreText.Time(rows[0][1])!.Value);
        if (change(before.Length == 0 ? null : before, now) is not { } state) return false;
        await session.ExecuteAsync("UPDATE tidemark.quota_ledger SET state = $2, changed_at = clock_timestamp() WHERE quota = $1", cancellationToken, quota, state);
        return true;
    }
}
