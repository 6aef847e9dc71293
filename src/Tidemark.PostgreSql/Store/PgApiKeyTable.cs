using System.Text.Json;
using Tidemark.Access;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>The API keys of a store.</summary>
internal static class PgApiKeyTable
{
    /// <summary>Keeps a key; false if its name or its hash is taken. The same key once more, as the answer to a commit was lost, is no conflict.</summary>
    public static async Task<bool> AddAsync(Session session, string pipeline, ApiKey key, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            "INSERT INTO tidemark.api_keys(key_hash, pipeline, name, routes, is_admin, created_at, revoked_at) VALUES($1, $2, $3, $4::jsonb, $5, $6, $7) ON CONFLICT DO NOTHING", cancellationToken,
            key.Hash.ToArray(), pipeline, StoreText.Safe(key.Name), JsonSerializer.Serialize(key.Routes.Select(StoreText.Safe)), key.IsAdmin, StoreText.Of(key.CreatedAt), StoreText.Of(key.RevokedAt));
        return await session.ScalarAsync("SELECT 1 FROM tidemark.api_keys WHERE key_hash = $1 AND pipeline = $2 AND name = $3 AND created_at = $4", cancellationToken,
            key.Hash.ToArray(), pipeline, StoreText.Safe(key.Name), StoreText.Of(key.CreatedAt)) is not null;
    }

    /// <summary>All of a pipeline, in the order in which they were made.</summary>
    public static async Task<IReadOnlyList<ApiKey>> ListAsync(Session session, string pipeline, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT name, key_hash, created_at, routes::text, is_admin, revoked_at FROM tidemark.api_keys WHERE pipeline = $1 ORDER BY created_at, name", cancellationToken, pipeline);
        return rows.ConvertAll(row => new ApiKey((string)row[0]!, (byte[])row[1]!, StoreText.Time(row[2])!.Value)
        {
            Routes = JsonSerializer.Deserialize<List<string>>((string)row[3]!)!,
            IsAdmin = (bool)row[4]!,
            RevokedAt = StoreText.Time(row[5]),
        });
    }

    /// <summary>Revokes a key; false if none of that name holds.</summary>
    public static async Task<bool> RevokeAsync(Session session, string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("UPDATE tidemark.api_keys SET revoked_at = $3 WHERE pipeline = $1 AND name = $2 AND (revoked_at IS NULL OR revoked_at = $3)", cancellationToken, pipeline, StoreText.Safe(name), StoreText.Of(at)) == 1;
}
