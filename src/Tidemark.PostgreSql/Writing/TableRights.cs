using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Whether a user may do with the table of a stream what the stream does with it.</summary>
internal static class TableRights
{
    private const string Sql =
        """
        SELECT current_user::text, n.oid IS NOT NULL, has_database_privilege(current_database(), 'CREATE'), coalesce(has_schema_privilege(n.oid, 'USAGE'), false), coalesce(has_schema_privilege(n.oid, 'CREATE'), false),
            coalesce((SELECT has_schema_privilege(o.oid, 'CREATE') FROM pg_namespace o WHERE o.nspname = $2), true)
        FROM (SELECT) AS one LEFT JOIN pg_namespace n ON n.nspname = $1
        """;

    // LOCK asks for SELECT on the whole table; the others may be granted for some columns.
    private const string TableSql =
        """
        SELECT has_table_privilege($1::bigint::oid, 'SELECT'), has_any_column_privilege($1::bigint::oid, 'INSERT'), has_any_column_privilege($1::bigint::oid, 'UPDATE'), has_table_privilege($1::bigint::oid, 'DELETE'),
            EXISTS(SELECT FROM pg_policy WHERE polrelid = $1::bigint::oid)
        """;

    /// <summary>Looks; changes nothing.</summary>
    /// <param name="session">The connection, in a transaction.</param>
    /// <param name="server">Where it is, for people.</param>
    /// <param name="ourSchema">Where the tables of ours are.</param>
    /// <param name="target">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">Something is missing, or there is something else of that name.</exception>
    public static async Task CheckAsync(Session session, string server, string ourSchema, StreamTarget target, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(target.Table, ourSchema);
        var row = (await session.RowsAsync(Sql, cancellationToken, name.Schema, ourSchema))[0];
        var (user, schema) = (PgSql.Quote((string)row[0]!), PgSql.Quote(name.Schema));
        var (exists, mayCreateSchema, mayUse, mayCreate, maySetAside) = (row[1] is true, row[2] is true, row[3] is true, row[4] is true, row[5] is true);
        if (!exists && mayCreateSchema) return;
        if (!exists) throw Rights.Missing(server, $"the schema '{name.Schema}' does not exist, and it can't be created", $"CREATE SCHEMA {schema} AUTHORIZATION {user}");
        if (!mayUse) throw Rights.Missing(server, $"the schema '{name.Schema}' can't be used", $"GRANT USAGE, CREATE ON SCHEMA {schema} TO {user}");
        // Rows or keys that a full read carries are put aside in a table that it makes.
        if (!maySetAside && (target.Disposition == WriteDisposition.Replace || target.Deletions != Deletions.Ignore))
            throw Rights.Missing(server, $"the stream '{target.Stream}' puts aside what a full read carries, and no table can be created in the schema '{ourSchema}'", $"GRANT CREATE ON SCHEMA {PgSql.Quote(ourSchema)} TO {user}");
        if (await PgTableShape.ReadAsync(session, name, cancellationToken) is { } shape) await CheckTableAsync(session, server, name, user, shape, target, cancellationToken);
        else if (!mayCreate) throw Rights.Missing(server, $"the table '{name}' is not there, and it can't be created", $"GRANT CREATE ON SCHEMA {schema} TO {user}");
    }

    private static async Task CheckTableAsync(Session session, string server, TableName name, string user, PgTableShape shape, StreamTarget target, CancellationToken cancellationToken)
    {
        var row = (await session.RowsAsync(TableSql, cancellationToken, shape.Oid))[0];
        (string Right, bool IsNeeded, bool IsThere)[] rights =
        [
            ("SELECT", true, row[0] is true),
            ("INSERT", true, row[1] is true),
            ("UPDATE", target.Disposition == WriteDisposition.Merge, row[2] is true),
            ("DELETE", target.Disposition == WriteDisposition.Replace || target.Deletions == Deletions.Remove, row[3] is true),
        ];
        if (rights.Where(r => r.IsNeeded && !r.IsThere).Select(r => r.Right).ToList() is { Count: > 0 } missing)
            throw Rights.Missing(server, $"the table '{name}' does not allow {string.Join(", ", missing)}, which the stream '{target.Stream}' needs", $"GRANT {string.Join(", ", missing)} ON {name.Quoted} TO {user}");
        if (shape.HasRowSecurity && row[4] is false)
            throw Rights.Missing(server, $"the table '{name}' has row-level security without any policy: no row can be written", $"ALTER ROLE {user} BYPASSRLS, or with policies for SELECT, INSERT and UPDATE");
    }
}
