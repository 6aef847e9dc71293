using System.Globalization;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>Brings the schema <c>tidemark</c> of a database up to date. Many processes may start at once: whoever has the lock looks again.</summary>
internal static class PgMigrations
{
    private const string Folder = "Tidemark.PostgreSql.Store.Migrations.";

    /// <summary>Applies what is missing, all in one transaction. A store that is up to date needs no right to create anything.</summary>
    /// <exception cref="DestinationException">A newer version has written the store.</exception>
    public static async Task ApplyAsync(PgStoreConnection connection, CancellationToken cancellationToken)
    {
        var names = Names();
        if (await connection.UseAsync(session => CurrentAsync(session, cancellationToken), cancellationToken) == names.Count) return;
        await connection.InTransactionAsync(async session =>
        {
            await session.ExecuteAsync(PgSql.SchemaLock, cancellationToken);
            var current = await CurrentAsync(session, cancellationToken);
            if (current > names.Count)
                throw new DestinationException(DestinationFault.Fatal, $"the store in schema tidemark of {connection.Server} has schema {current}, this version of Tidemark knows {names.Count}: use a newer version, or another store");
            if (current == 0)
            {
                // Asked first, as IF NOT EXISTS needs the right to create even where there is nothing to do.
                if (await session.ScalarAsync("SELECT 1 FROM pg_namespace WHERE nspname = 'tidemark'", cancellationToken) is null) await session.ExecuteAsync("CREATE SCHEMA tidemark", cancellationToken);
                await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS tidemark.schema_version(version integer NOT NULL PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())", cancellationToken);
            }
            for (var version = current + 1; version <= names.Count; version++)
            {
                await session.ExecuteAsync(Read(names[version - 1]), cancellationToken);
                await session.ExecuteAsync("INSERT INTO tidemark.schema_version(version) VALUES($1)", cancellationToken, version);
            }
            return true;
        }, cancellationToken);
    }

    /// <summary>True if there is a store, of whatever version.</summary>
    public static Task<bool> AreBegunAsync(PgStoreConnection connection, CancellationToken cancellationToken) =>
        connection.UseAsync(async session => await CurrentAsync(session, cancellationToken) > 0, cancellationToken);

    /// <summary>True if a store has all that this version makes.</summary>
    public static async Task<bool> AreAppliedAsync(Session session, CancellationToken cancellationToken) => await CurrentAsync(session, cancellationToken) >= Names().Count;

    // 0: nothing is there.
    private static async Task<int> CurrentAsync(Session session, CancellationToken cancellationToken)
    {
        if (await session.ScalarAsync("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'tidemark' AND c.relname = 'schema_version'", cancellationToken) is null) return 0;
        return Convert.ToInt32(await session.ScalarAsync("SELECT coalesce(max(version), 0) FROM tidemark.schema_version", cancellationToken), CultureInfo.InvariantCulture);
    }

    // 001_…, 002_…: their order is their number.
    private static List<string> Names() =>
        [.. typeof(PgMigrations).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PgMigrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
