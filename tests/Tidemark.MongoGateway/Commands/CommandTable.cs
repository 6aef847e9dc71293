using Npgsql;
using Tidemark.MongoGateway.Bson;
using Tidemark.MongoGateway.Faults;
using Tidemark.MongoGateway.Wire;

namespace Tidemark.MongoGateway.Commands;

/// <summary>Which command is answered by what.</summary>
internal sealed class CommandTable(DocumentDb documents, TimeProvider time)
{
    /// <summary>Answers a command; an error of the server's is an answer, too.</summary>
    /// <param name="request">The command.</param>
    /// <param name="connection">The client connection's number.</param>
    /// <param name="items">Items of a write that are to fail.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The server is gone.</exception>
    public async Task<BsonDocument> AnswerAsync(Request request, int connection, Fault.Items? items, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(request, connection, items, cancellationToken);
        }
        // Class 57P: the server is stopping or has crashed.
        catch (PostgresException e) when (!e.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            return Answers.Error(ErrorCodes.Of(e.SqlState), Message(request, e));
        }
    }

    private async Task<BsonDocument> RunAsync(Request request, int connection, Fault.Items? items, CancellationToken cancellationToken)
    {
        switch (request.Name)
        {
            case "hello" or "isMaster" or "ismaster":
                await documents.PingAsync(cancellationToken);
                return Answers.Hello(connection, time);
            case "ping":
                await documents.PingAsync(cancellationToken);
                return Answers.Ok;
            case "endSessions":
                return Answers.Ok;
            case "buildInfo" or "buildinfo":
                return Answers.BuildInfo;
            case "saslStart" or "authenticate":
                return Answers.Error(18, "Authentication failed.");
            case "insert" or "update" or "delete":
                var write = WriteAnswer.To(request, items);
                return write.IsEmpty ? write.Nothing() : write.Complete(await documents.WriteAsync(Procedure(request.Name), write.Request, cancellationToken));
            case "find":
                return await documents.FirstPageAsync("find_cursor_first_page", request, cancellationToken);
            case "aggregate":
                return await documents.FirstPageAsync("aggregate_cursor_first_page", request, cancellationToken);
            case "listCollections":
                return await documents.FirstPageAsync("list_collections_cursor_first_page", request, cancellationToken);
            case "listIndexes":
                return await documents.FirstPageAsync("list_indexes_cursor_first_page", request, cancellationToken);
            case "getMore":
                return await documents.NextPageAsync(request, cancellationToken);
            case "killCursors":
                return await documents.KillCursorsAsync(request);
            case "count":
                return await documents.AskAsync("documentdb_api.count_query($1, $2::documentdb_core.bson)", request, cancellationToken);
            case "distinct":
                return await documents.AskAsync("documentdb_api.distinct_query($1, $2::documentdb_core.bson)", request, cancellationToken);
            case "findAndModify" or "findandmodify":
                return await documents.AskAsync("SELECT p_result FROM documentdb_api.find_and_modify($1, $2::documentdb_core.bson)", request, cancellationToken);
            case "listDatabases":
                return await documents.AskAsync("documentdb_api.list_databases($2::documentdb_core.bson)", request, cancellationToken);
            case "dbStats" or "dbstats":
                return await documents.AskAsync("documentdb_api.db_stats($1, 1, false)", request, cancellationToken);
            case "create":
                return await documents.AskAsync("documentdb_api.create_collection_view($1, $2::documentdb_core.bson)", request, cancellationToken);
            case "createIndexes":
                var created = await documents.AskAsync("documentdb_api_internal.create_indexes_non_concurrently($1, $2::documentdb_core.bson, true)", request, cancellationToken);
                // It answers as a cluster of shards does: what a single server says is that of its only shard.
                return created.Find("raw")?.Document.Elements.First().Document ?? created;
            case "drop":
                await documents.RunAsync("documentdb_api.drop_collection($1, $2)", cancellationToken, request.Database, request.Collection);
                return Answers.Dropped("ns", $"{request.Database}.{request.Collection}");
            case "dropDatabase":
                await documents.RunAsync("documentdb_api.drop_database($1)", cancellationToken, request.Database);
                return Answers.Dropped("dropped", request.Database);
            default:
                return Answers.Error(ErrorCodes.CommandNotFound, $"no such command: '{request.Name}'");
        }
    }

    private static string Procedure(string name) => name switch { "insert" => "insert_bulk", "update" => "update_bulk", _ => "delete_txn_proc" };

    // A duplicate key's own message is PostgreSQL's, with bytes in it.
    private static string Message(Request request, PostgresException e) =>
        ErrorCodes.Of(e.SqlState) == ErrorCodes.DuplicateKey ? $"E11000 duplicate key error collection: {request.Database}.{request.Collection}" : e.MessageText;
}
