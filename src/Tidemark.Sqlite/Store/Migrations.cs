using System.Globalization;
using Microsoft.Data.Sqlite;
using Tidemark.Destinations;

namespace Tidemark.Sqlite.Store;

/// <summary>Brings the schema of a store up to date. Several processes may start at once: each looks again under the write lock.</summary>
internal static class Migrations
{
    private const string Folder = "Tidemark.Sqlite.Store.Migrations.";

    /// <summary>Applies what is missing, all in one transaction.</summary>
    /// <exception cref="DestinationException">The store was written by a newer version.</exception>
    public static void Apply(SqliteConnection connection, string path, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version(version BIGINT NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)");
        var names = Names();
        var current = Current(connection);
        if (current > names.Count)
            throw new DestinationException(DestinationFault.Fatal, $"the store '{path}' has schema {current}, this version of Tidemark knows {names.Count}: use a newer version, or another store");
        for (var version = current + 1; version <= names.Count; version++)
        {
            Execute(connection, Read(names[version - 1]));
            Execute(connection, "INSERT INTO schema_version(version, applied_at) VALUES($version, $now)", ("$version", version), ("$now", now.ToString("O", CultureInfo.InvariantCulture)));
        }
        transaction.Commit();
    }

    private static int Current(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(version), 0) FROM schema_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    // 001_…, 002_…: their order is their number.
    private static List<string> Names() =>
        [.. typeof(Migrations).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
