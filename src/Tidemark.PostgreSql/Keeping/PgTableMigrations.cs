using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Keeping;

/// <summary>Steps of a user's own that make tables.</summary>
internal static class PgTableMigrations
{
    private const string Apart = "_tidemark_apart";

    /// <summary>Applies what is missing, in one transaction; names without a schema are the destination's.</summary>
    public static async Task ApplyAsync(Session session, string schema, IReadOnlyList<TableMigration> steps, CancellationToken cancellationToken)
    {
        session.Begin();
        await session.ExecuteAsync(PgSql.SchemaLock, cancellationToken);
        if (await session.ScalarAsync("SELECT 1 FROM pg_namespace WHERE nspname = $1", cancellationToken, schema) is null) await session.ExecuteAsync($"CREATE SCHEMA {PgSql.Quote(schema)}", cancellationToken);
        await session.ExecuteAsync($"SET LOCAL search_path = {PgSql.Quote(schema)}", cancellationToken);
        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS _tidemark_migrations(name text NOT NULL PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())", cancellationToken);
        var applied = (await session.RowsAsync("SELECT name FROM _tidemark_migrations", cancellationToken)).Select(r => (string)r[0]!).ToHashSet(StringComparer.Ordinal);
        foreach (var step in steps.Where(s => !applied.Contains(s.Name)))
        {
            await RunAsync(session, step, cancellationToken);
            await session.ExecuteAsync("INSERT INTO _tidemark_migrations(name) VALUES($1)", cancellationToken, step.Name);
        }
        await session.CommitAsync(cancellationToken);
    }

    /// <summary>What tables steps make: in a schema apart, which is rolled back.</summary>
    public static async Task<IReadOnlyList<TableDescription?>> DescribeAsync(Session session, IReadOnlyList<TableMigration> steps, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        session.Begin();
        try
        {
            await session.ExecuteAsync($"CREATE SCHEMA {Apart}", cancellationToken);
            await session.ExecuteAsync($"SET LOCAL search_path = {Apart}", cancellationToken);
            foreach (var step in steps) await RunAsync(session, step, cancellationToken);
            var described = new List<TableDescription?>();
            foreach (var table in tables)
                described.Add(await TableDescriber.DescribeAsync(session, Apart, new StreamTarget { PipelineName = "", Stream = "", Table = TableName.Parse(table, Apart).Name }, cancellationToken));
            return described;
        }
        finally
        {
            await session.RollbackAsync();
        }
    }

    private static async Task RunAsync(Session session, TableMigration step, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(step.Sql, cancellationToken);
        }
        catch (PgError e)
        {
            throw new DestinationException(e.Fault == DestinationFault.Temporary ? e.Fault : DestinationFault.Fatal, $"the migration {step.Name} failed, and nothing was changed: {e.Message}", e);
        }
    }
}
