using Tidemark.PostgreSql.Leases;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>The tables that every destination has beside the user's own: they are made by whoever comes first, and nobody needs a right to create once they are there.</summary>
internal static class OurTables
{
    /// <summary>Their names.</summary>
    public static readonly string[] Names = [PgCheckpointTable.Name, PgColumnMap.Name, PgQueueTable.Name];

    /// <summary>Makes what is missing, within the caller's transaction.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="schema">Where they are.</param>
    /// <param name="otherSchema">Where the stream's own table is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task EnsureAsync(Session session, string schema, string otherSchema, CancellationToken cancellationToken)
    {
        if (await AreThereAsync(session, schema, otherSchema, cancellationToken)) return;
        await session.ExecuteAsync(PgSql.SchemaLock, cancellationToken);
        foreach (var missing in await MissingSchemasAsync(session, [schema, otherSchema], cancellationToken))
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {PgSql.Quote(missing)}", cancellationToken);
        await session.ExecuteAsync(PgCheckpointTable.CreateSql(schema), cancellationToken);
        await session.ExecuteAsync(PgColumnMap.CreateSql(schema), cancellationToken);
        await session.ExecuteAsync(PgQueueTable.CreateSql(schema), cancellationToken);
    }

    /// <summary>True once somebody has written to this schema.</summary>
    public static Task<bool> AreThereAsync(Session session, string schema, CancellationToken cancellationToken) => AreThereAsync(session, schema, schema, cancellationToken);

    private static async Task<bool> AreThereAsync(Session session, string schema, string otherSchema, CancellationToken cancellationToken) => await session.ScalarAsync(
        """
        SELECT count(*) = cardinality($3::text[]) AND EXISTS(SELECT FROM pg_namespace WHERE nspname = $2)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY($3::text[])
        """,
        cancellationToken, schema, otherSchema, Names) is true;

    private static async Task<List<string>> MissingSchemasAsync(Session session, string[] schemas, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT DISTINCT s FROM unnest($1::text[]) AS s WHERE NOT EXISTS(SELECT FROM pg_namespace WHERE nspname = s)", cancellationToken, [schemas]);
        return rows.ConvertAll(r => (string)r[0]!);
    }
}
