using Npgsql;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>Changes of a table: one at a time, and no error of them is a record's.</summary>
internal static class TableDdl
{
    /// <summary>Waits until nobody else of us changes this table; to the end of the transaction.</summary>
    public static Task LockAsync(Session session, TableName name, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"SELECT pg_advisory_xact_lock(x'{StableHash.Of("table", name.Schema, name.Name)}'::bigint)", cancellationToken);

    /// <summary>Runs a statement that changes a table.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="explain">What it means for the user that it failed, what the server says goes behind it; null for an answer: the server's word is enough.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task RunAsync(Session session, string sql, Func<PgError, string?>? explain, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(sql, cancellationToken);
        }
        catch (PgError e) when (e.State is "42P07" or "42701" || (e.State == PgError.UniqueViolation && IsOfCatalog(e)))
        {
            // Somebody who does not ask for our lock has made the same at the same time: it is there when we look again.
            throw new DestinationException(DestinationFault.Temporary, $"{e.Message}: somebody else is changing it too", e);
        }
        catch (PgError e) when (e.Fault != DestinationFault.Temporary)
        {
            // Never a record's: halving would only find each of them guilty.
            throw new DestinationException(DestinationFault.Fatal, explain?.Invoke(e) ?? e.Message, e);
        }
    }

    private static bool IsOfCatalog(PgError e) => (e.InnerException as PostgresException)?.SchemaName == "pg_catalog";
}
