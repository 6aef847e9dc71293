using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>Errors of a server as the engine knows them: the three kinds of law 11 by SQLSTATE.</summary>
/// <param name="server">Where it is, for people, without any secret: <c>host:port/database</c>.</param>
internal sealed class PgErrors(string server)
{
    /// <summary>Where it is, for people.</summary>
    public string Server => server;

    /// <summary>True for what Npgsql throws when the server or the way to it is to blame.</summary>
    public static bool IsFromDatabase(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>The error as the engine knows it.</summary>
    public DestinationException Of(Exception e) => e switch
    {
        DestinationException known => known,
        PostgresException refused => Of(refused),
        _ => new PgError(DestinationFault.Temporary, "", $"the connection to {server} failed: {e.GetBaseException().Message}", e) { IsUnreachable = true },
    };

    /// <summary>An error on the way to a connection: what no second attempt mends is told apart.</summary>
    public DestinationException OfConnecting(Exception e)
    {
        // Where several hosts were tried, the word of one that answered says more than that another did not.
        if (AnswerIn(e) is { } refused) return Of(refused);
        var cause = e.GetBaseException();
        var advice = cause switch
        {
            AuthenticationException => "; the server's certificate is not trusted, or is another host's: name the right sslrootcert and host, or another sslmode",
            CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => "; check sslrootcert, sslcert and sslkey",
            ArgumentException or NotSupportedException or InvalidOperationException => "; check the URL and its parameters",
            NpgsqlException when cause.Message.Contains("SSL", StringComparison.Ordinal) => "; the server speaks no TLS: use sslmode=prefer or sslmode=disable if that is all right",
            NpgsqlException when cause.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => "; the server asks for a password: give it in the URL, in password, or in a passfile",
            _ => null,
        };
        return advice is null ? Of(e) : new PgError(DestinationFault.Fatal, "", $"the connection to {server} failed: {cause.Message}{advice}", e);
    }

    /// <summary>The error of a connection that was lost before.</summary>
    public DestinationException Lost() => new PgError(DestinationFault.Temporary, "", $"the connection to {server} is lost") { IsUnreachable = true };

    private PgError Of(PostgresException e)
    {
        var (fault, advice) = Classify(e);
        var detail = e.Detail is { Length: > 0 } more && fault != DestinationFault.Temporary ? $"{e.MessageText} ({more})" : e.MessageText;
        var message = fault == DestinationFault.Record ? $"the database refuses a record: {detail}" : $"{server}: {detail}{(fault == DestinationFault.Fatal ? $" (SQLSTATE {e.SqlState})" : "")}{advice}";
        return new PgError(fault, e.SqlState, message, e) { IsUnreachable = fault == DestinationFault.Temporary && MeansUnreachable(e.SqlState) };
    }

    private static PostgresException? AnswerIn(Exception? e) => e switch
    {
        null => null,
        PostgresException refused => refused,
        AggregateException several => several.InnerExceptions.Select(AnswerIn).FirstOrDefault(r => r is not null),
        _ => AnswerIn(e.InnerException),
    };

    private static bool MeansUnreachable(string state) => state is "53300" || state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal);

    private static (DestinationFault Fault, string Advice) Classify(PostgresException e) => e.SqlState switch
    {
        // PgBouncer's word for whatever it does not like.
        "08P01" when e.MessageText.Contains("unsupported startup parameter", StringComparison.Ordinal) => (DestinationFault.Fatal, "; a pooler does not take it: leave options out of the URL"),
        "08P01" when e.MessageText.StartsWith("no such ", StringComparison.Ordinal) => (DestinationFault.Fatal, "; check user and database, and the pooler's configuration"),
        "53300" => (DestinationFault.Temporary, "; the server has no connection left"),
        "55P03" => (DestinationFault.Temporary, "; another transaction holds the table"),
        "57014" => (DestinationFault.Temporary, "; a statement_timeout, or somebody who cancels it, ended the statement"),
        "25P03" or "25P04" => (DestinationFault.Temporary, "; the transaction stood still for too long"),
        "25006" => (DestinationFault.Fatal, "; the server is a standby, or is set to read only: name one that can be written"),
        "53100" => (DestinationFault.Fatal, "; the server's disk is full: make room, then run again"),
        // The words depend on the server's language, the routine that they come from does not.
        "42501" when e.Routine is "check_enable_rls" or "ExecWithCheckOptions" =>
            (DestinationFault.Fatal, "; row-level security is active: give the user BYPASSRLS, or policies for SELECT, INSERT and UPDATE on all rows that the stream writes"),
        "0A000" when e.Routine == "RewriteQuery" =>
            (DestinationFault.Fatal, "; the table has a rule ON INSERT or ON UPDATE, and rows can't be merged through one: make a trigger of it, or drop it"),
        "42501" => (DestinationFault.Fatal, "; grant the user the right, or name another user"),
        "28000" or "28P01" => (DestinationFault.Fatal, "; check user and password, and pg_hba.conf"),
        "3D000" => (DestinationFault.Fatal, "; create the database, or name another one"),
        var state => state[..2] switch
        {
            "08" or "40" => (DestinationFault.Temporary, ""),
            "57" when state.StartsWith("57P", StringComparison.Ordinal) => (DestinationFault.Temporary, ""),
            // P0: RAISE, ASSERT and the like in a trigger, on what is wrong with a row.
            "22" or "23" or "54" or "P0" => (DestinationFault.Record, ""),
            _ => (DestinationFault.Fatal, ""),
        },
    };
}
