using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Store;

/// <summary>Whether a user may use the store, which lies in a schema of its own.</summary>
internal static class PgStoreRights
{
    private const string Purpose = "the schema 'tidemark' is the store, with runs, quotas and failed records: it is there unless store: names another place, such as sqlite:.tidemark/store.db";

    /// <summary>Looks; changes nothing.</summary>
    /// <exception cref="DestinationException">Something is missing.</exception>
    public static async Task CheckAsync(Session session, string server, CancellationToken cancellationToken)
    {
        var row = (await session.RowsAsync(
            """
            SELECT current_user::text, n.oid IS NOT NULL, has_database_privilege(current_database(), 'CREATE'), coalesce(has_schema_privilege(n.oid, 'USAGE'), false), coalesce(has_schema_privilege(n.oid, 'CREATE'), false)
            FROM (SELECT) AS one LEFT JOIN pg_namespace n ON n.nspname = 'tidemark'
            """, cancellationToken))[0];
        var user = PgSql.Quote((string)row[0]!);
        var (exists, mayCreateSchema, mayUse, mayCreate) = (row[1] is true, row[2] is true, row[3] is true, row[4] is true);
        if (!exists && mayCreateSchema) return;
        if (!exists) throw Missing(server, "the schema 'tidemark' does not exist, and it can't be created", $"CREATE SCHEMA tidemark AUTHORIZATION {user}");
        if (!mayUse) throw Missing(server, "the schema 'tidemark' can't be used", $"GRANT USAGE, CREATE ON SCHEMA tidemark TO {user}");
        try
        {
            await Rights.CheckTablesAsync(session, server, "tidemark", [], cancellationToken);
        }
        catch (DestinationException e) when (e is not PgError)
        {
            throw new DestinationException(e.Fault, $"{e.Message}; {Purpose}");
        }
        if (!mayCreate && !await PgMigrations.AreAppliedAsync(session, cancellationToken)) throw Missing(server, "no table can be created in the schema 'tidemark'", $"GRANT CREATE ON SCHEMA tidemark TO {user}");
    }

    /// <summary>What it means that the server refuses a right.</summary>
    public static DestinationException Refused(PgError e) => new(e.Fault, $"{e.Message}; {Purpose}", e);

    private static DestinationException Missing(string server, string what, string remedy) => new(DestinationFault.Fatal, $"{Rights.Missing(server, what, remedy).Message}; {Purpose}");
}
