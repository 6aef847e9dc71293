using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Whether a server and a user can be written with.</summary>
internal static class Rights
{
    /// <summary>The oldest major version that has all we use.</summary>
    public const int OldestVersion = 12;

    /// <summary>Looks at what a run needs; changes nothing.</summary>
    /// <exception cref="DestinationException">Something is missing.</exception>
    public static async Task CheckAsync(Session session, string server, string schema, CancellationToken cancellationToken)
    {
        await CheckServerAsync(session, server, cancellationToken);
        var rows = await session.RowsAsync(
            """
            SELECT current_user::text, current_database()::text, n.oid IS NOT NULL, has_database_privilege(current_database(), 'CREATE'), has_database_privilege(current_database(), 'TEMP'),
                coalesce(has_schema_privilege(n.oid, 'USAGE'), false), coalesce(has_schema_privilege(n.oid, 'CREATE'), false)
            FROM (SELECT) AS one LEFT JOIN pg_namespace n ON n.nspname = $1
            """, cancellationToken, schema);
        var (user, database) = (PgSql.Quote((string)rows[0][0]!), PgSql.Quote((string)rows[0][1]!));
        var (exists, mayCreateSchema, mayStage, mayUse, mayCreate) = (rows[0][2] is true, rows[0][3] is true, rows[0][4] is true, rows[0][5] is true, rows[0][6] is true);
        if (!exists && !mayCreateSchema) throw Missing(server, $"the schema '{schema}' does not exist, and it can't be created", $"CREATE SCHEMA {PgSql.Quote(schema)} AUTHORIZATION {user}");
        if (!mayStage) throw Missing(server, "temporary tables can't be created", $"GRANT TEMPORARY ON DATABASE {database} TO {user}");
        if (exists && !mayUse) throw Missing(server, $"the schema '{schema}' can't be used", $"GRANT USAGE, CREATE ON SCHEMA {PgSql.Quote(schema)} TO {user}");
        if (exists && !mayCreate && !await OurTables.AreThereAsync(session, schema, cancellationToken))
            throw Missing(server, $"no table can be created in the schema '{schema}'", $"GRANT CREATE ON SCHEMA {PgSql.Quote(schema)} TO {user}");
        await CheckTablesAsync(session, server, schema, OurTables.Names, cancellationToken);
    }

    /// <summary>Looks whether tables of a schema, as far as they are there, can be read and written.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="server">Where it is, for people.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">The tables; none: all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">A right is missing.</exception>
    public static async Task CheckTablesAsync(Session session, string server, string schema, string[] tables, CancellationToken cancellationToken)
    {
        var closed = await session.RowsAsync(
            """
            SELECT c.relname::text, current_user::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND (cardinality($2::text[]) = 0 OR c.relname = ANY($2::text[])) AND c.relkind = 'r'
                AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
            ORDER BY c.relname
            """, cancellationToken, schema, tables);
        if (closed.Count == 0) return;
        var names = string.Join(", ", closed.Select(c => new TableName(schema, (string)c[0]!).Quoted));
        throw Missing(server, $"tables of Tidemark's own in the schema '{schema}' can't be read and written", $"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO {PgSql.Quote((string)closed[0][1]!)}");
    }

    /// <summary>Looks whether the server is one that we can write to at all.</summary>
    /// <exception cref="DestinationException">It is too old, or can't be written.</exception>
    public static async Task CheckServerAsync(Session session, string server, CancellationToken cancellationToken)
    {
        if (session.ServerVersion < OldestVersion)
            throw new DestinationException(DestinationFault.Fatal, $"{server}: found PostgreSQL {session.ServerVersion}, expected {OldestVersion} or later");
        var rows = await session.RowsAsync("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'", cancellationToken);
        if (rows[0][0] is true) throw new DestinationException(DestinationFault.Fatal, $"{server}: the server is a standby, which can't be written: name the primary, or several hosts with target_session_attrs=read-write");
        if (rows[0][1] is true) throw new DestinationException(DestinationFault.Fatal, $"{server}: transactions are read only here: take default_transaction_read_only away from the server, the database or the user");
    }

    /// <summary>The error of a right that is missing.</summary>
    /// <param name="server">Where.</param>
    /// <param name="what">What can't be done.</param>
    /// <param name="remedy">The statement that mends it.</param>
    public static DestinationException Missing(string server, string what, string remedy) => new(DestinationFault.Fatal, $"{server}: {what}; its owner can mend it with: {remedy}");
}
