using System.Net.Sockets;
using Npgsql;
using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>Errors of a server as the engine knows them: the three kinds of law 11 by SQLSTATE.</summary>
/// <param name="server">Where it is, for people, without any secret: <c>host:port/database</c>.</param>
internal sealed class PgErrors(string server)
{
    /// <summary>True for what Npgsql throws when the server or the way to it is to blame.</summary>
    public static bool IsFromDatabase(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>The error as the engine knows it.</summary>
    public DestinationException Of(Exception e) => e switch
    {
        DestinationException known => known,
        PostgresException refused => Of(refused),
        _ => new PgError(DestinationFault.Temporary, "", $"the connection to {server} failed: {Innermost(e)}", e),
    };

    private PgError Of(PostgresException e)
    {
        var (fault, advice) = Classify(e.SqlState);
        var detail = e.Detail is { Length: > 0 } more && fault != DestinationFault.Temporary ? $"{e.MessageText} ({more})" : e.MessageText;
        var message = fault == DestinationFault.Record ? $"the database refuses a record: {detail}" : $"{server}: {detail}{advice}";
        return new PgError(fault, e.SqlState, message, e);
    }

    private static (DestinationFault Fault, string Advice) Classify(string state) => state switch
    {
        "53300" => (DestinationFault.Temporary, "; the server has no connection left"),
        "55P03" => (DestinationFault.Temporary, "; another transaction holds the table"),
        "53100" => (DestinationFault.Fatal, "; the server's disk is full: make room, then run again"),
        "42501" => (DestinationFault.Fatal, "; grant the user the right, or name another user"),
        "28000" or "28P01" => (DestinationFault.Fatal, "; check user and password, and pg_hba.conf"),
        "3D000" => (DestinationFault.Fatal, "; create the database, or name another one"),
        _ => state[..2] switch
        {
            "08" or "40" => (DestinationFault.Temporary, ""),
            "57" when state.StartsWith("57P", StringComparison.Ordinal) => (DestinationFault.Temporary, ""),
            "22" or "23" or "54" => (DestinationFault.Record, ""),
            _ => (DestinationFault.Fatal, ""),
        },
    };

    private static string Innermost(Exception e) => e.GetBaseException().Message;
}
