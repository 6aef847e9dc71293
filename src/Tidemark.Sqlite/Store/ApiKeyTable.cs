using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Access;

namespace Tidemark.Sqlite.Store;

/// <summary>The API keys of a store.</summary>
internal static class ApiKeyTable
{
    /// <summary>Keeps a key; false if its name or its hash is taken.</summary>
    public static async Task<bool> AddAsync(SqliteConnection connection, string pipeline, ApiKey key, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            "INSERT INTO api_keys(key_hash, pipeline, name, routes, is_admin, created_at, revoked_at) VALUES($hash, $pipeline, $name, $routes, $admin, $created, $revoked) ON CONFLICT DO NOTHING",
            ("$hash", key.Hash.ToArray()), ("$pipeline", pipeline), ("$name", key.Name), ("$routes", JsonSerializer.Serialize(key.Routes)), ("$admin", key.IsAdmin),
            ("$created", Command.Of(key.CreatedAt)), ("$revoked", key.RevokedAt is { } at ? Command.Of(at) : null));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>All of a pipeline, in the order in which they were made.</summary>
    public static async Task<IReadOnlyList<ApiKey>> ListAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "SELECT name, key_hash, created_at, routes, is_admin, revoked_at FROM api_keys WHERE pipeline = $pipeline ORDER BY created_at, rowid", ("$pipeline", pipeline));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            keys.Add(new ApiKey(row.GetString(0), row.GetFieldValue<byte[]>(1), Command.Time(row, 2))
            {
                Routes = JsonSerializer.Deserialize<List<string>>(row.GetString(3))!,
                IsAdmin = row.GetBoolean(4),
                RevokedAt = row.IsDBNull(5) ? null : Command.Time(row, 5),
            });
        }
        return keys;
    }

    /// <summary>Revokes a key; false if none of that name holds.</summary>
    public static async Task<bool> RevokeAsync(SqliteConnection connection, string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "UPDATE api_keys SET revoked_at = $at WHERE pipeline = $pipeline AND name = $name AND revoked_at IS NULL",
            ("$at", Command.Of(at)), ("$pipeline", pipeline), ("$name", name));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
