using System.Globalization;
using Microsoft.Data.Sqlite;
using Tidemark.Destinations;
using Tidemark.Runs;

namespace Tidemark.Sqlite.Store;

/// <summary>Brings the schema of a store up to date. Several processes may start at once: each looks again under the write lock.</summary>
internal static class Migrations
{
    private static readonly StoreMigrations All = new(typeof(Migrations).Assembly, "Tidemark.Sqlite.Store.Migrations.");

    /// <summary>Applies what is missing, all in one transaction.</summary>
    /// <exception cref="DestinationException">The store was written by a newer version.</exception>
    public static void Apply(SqliteConnection connection, string path, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version(version BIGINT NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)");
        var applied = Applied(connection);
        if (All.Unknown(applied) is { } newer)
            throw new DestinationException(DestinationFault.Fatal, $"the store '{path}' has schema {newer}, this version of Tidemark knows {All.Newest}: use a newer version, or another store");
        foreach (var version in All.Missing(applied))
        {
            Execute(connection, All.Read(version));
            Execute(connection, "INSERT INTO schema_version(version, applied_at) VALUES($version, $now)", ("$version", version), ("$now", now.ToString("O", CultureInfo.InvariantCulture)));
        }
        transaction.Commit();
    }

    private static HashSet<int> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version FROM schema_version";
        using var row = command.ExecuteReader();
        var versions = new HashSet<int>();
        while (row.Read()) versions.Add(row.GetInt32(0));
        return versions;
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
