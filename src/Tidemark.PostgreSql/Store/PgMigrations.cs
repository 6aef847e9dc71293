using System.Globalization;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Runs;

namespace Tidemark.PostgreSql.Store;

/// <summary>Brings the schema <c>tidemark</c> of a database up to date. Many processes may start at once: whoever has the lock looks again.</summary>
internal static class PgMigrations
{
    private static readonly StoreMigrations All = new(typeof(PgMigrations).Assembly, "Tidemark.PostgreSql.Store.Migrations.");

    /// <summary>Applies what is missing, all in one transaction. A store that is up to date needs no right to create anything.</summary>
    /// <exception cref="DestinationException">A newer version has written the store.</exception>
    public static async Task ApplyAsync(PgStoreConnection connection, CancellationToken cancellationToken)
    {
        if (await connection.UseAsync(session => AppliedAsync(session, cancellationToken), cancellationToken) is { } now && All.Unknown(now) is null && All.Missing(now).Count == 0) return;
        await connection.InTransactionAsync(async session =>
        {
            await session.ExecuteAsync(PgSql.SchemaLock, cancellationToken);
            var applied = await AppliedAsync(session, cancellationToken);
            if (applied is null)
            {
                // Asked first, as IF NOT EXISTS needs the right to create even where there is nothing to do.
                if (await session.ScalarAsync("SELECT 1 FROM pg_namespace WHERE nspname = 'tidemark'", cancellationToken) is null) await session.ExecuteAsync("CREATE SCHEMA tidemark", cancellationToken);
                await session.ExecuteAsync("CREATE TABLE tidemark.schema_version(version integer NOT NULL PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())", cancellationToken);
            }
            applied ??= [];
            if (All.Unknown(applied) is { } newer)
                throw new DestinationException(DestinationFault.Fatal, $"the store in schema tidemark of {connection.Server} has schema {newer}, this version of Tidemark knows {All.Newest}: use a newer version, or another store");
            foreach (var version in All.Missing(applied))
            {
                await session.ExecuteAsync(All.Read(version), cancellationToken);
                await session.ExecuteAsync("INSERT INTO tidemark.schema_version(version) VALUES($1)", cancellationToken, version);
            }
            return true;
        }, cancellationToken);
    }

    /// <summary>True if there is a store, of whatever version.</summary>
    public static Task<bool> AreBegunAsync(PgStoreConnection connection, CancellationToken cancellationToken) =>
        connection.UseAsync(async session => await AppliedAsync(session, cancellationToken) is not null, cancellationToken);

    /// <summary>True if a store has all that this version makes.</summary>
    public static async Task<bool> AreAppliedAsync(Session session, CancellationToken cancellationToken) => await AppliedAsync(session, cancellationToken) is { } applied && All.Missing(applied).Count == 0;

    // Null: nothing is there.
    private static async Task<HashSet<int>?> AppliedAsync(Session session, CancellationToken cancellationToken)
    {
        if (await session.ScalarAsync("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'tidemark' AND c.relname = 'schema_version'", cancellationToken) is null) return null;
        var rows = await session.RowsAsync("SELECT version FROM tidemark.schema_version", cancellationToken);
        return [.. rows.Select(r => Convert.ToInt32(r[0], CultureInfo.InvariantCulture))];
    }
}
