using Npgsql;
using NpgsqlTypes;
using Tidemark.MongoGateway.Bson;
using Tidemark.MongoGateway.Wire;

namespace Tidemark.MongoGateway.Commands;

/// <summary>DocumentDB's functions: each command has one, which takes it as BSON and answers in BSON.</summary>
internal sealed class DocumentDb(NpgsqlDataSource server, CursorStore cursors)
{
    private const string PageColumns = "cursorpage::bytea, continuation::bytea, persistconnection, cursorid";

    /// <summary>That the server is there.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Asks a procedure that takes the database, the command and its documents.</summary>
    /// <remarks>Procedures rather than functions: they commit as they go, as MongoDB does item by item, so that writers of the same keys do not end each other by deadlocks.</remarks>
    public async Task<BsonDocument> WriteAsync(string procedure, Request request, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenConnectionAsync(cancellationToken);
        await using var command = Command($"CALL documentdb_api.{procedure}($1, $2::documentdb_core.bson, $3::documentdb_core.bsonsequence, NULL, NULL, NULL)", request, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)request.Sequence ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        // A call cannot cast what it returns: it comes as text, 'BSONHEX' and digits.
        command.AllResultTypesAreUnknown = true;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new BsonDocument(Convert.FromHexString(reader.GetString(0).AsSpan("BSONHEX".Length)));
    }

    /// <summary>Asks by an expression of $1, the database, and $2, the command.</summary>
    public async Task<BsonDocument> AskAsync(string expression, Request request, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenConnectionAsync(cancellationToken);
        await using var command = Command($"SELECT ({expression})::bytea", request, connection);
        return new BsonDocument((byte[])(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Runs an expression of $1, the database, and $2, the collection.</summary>
    public async Task RunAsync(string expression, CancellationToken cancellationToken, params string[] arguments)
    {
        await using var connection = await server.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SELECT {expression}", connection);
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first page of a cursor.</summary>
    public async Task<BsonDocument> FirstPageAsync(string function, Request request, CancellationToken cancellationToken)
    {
        var connection = await server.OpenConnectionAsync(cancellationToken);
        var isHeld = false;
        try
        {
            await using var command = Command($"SELECT {PageColumns} FROM documentdb_api.{function}($1, $2::documentdb_core.bson)", request, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var page = new BsonDocument(reader.GetFieldValue<byte[]>(0));
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                isHeld = reader.GetBoolean(2);
                cursors.Add(new Cursor(reader.GetInt64(3), reader.GetFieldValue<byte[]>(1), isHeld ? connection : null));
            }
            return page;
        }
        finally
        {
            if (!isHeld) await connection.DisposeAsync();
        }
    }

    /// <summary>The next page.</summary>
    public async Task<BsonDocument> NextPageAsync(Request request, CancellationToken cancellationToken)
    {
        var id = request.Body.Elements.First().Int64;
        if (cursors.Take(id) is not { } cursor) return Answers.Error(ErrorCodes.CursorNotFound, $"cursor id {id} not found");
        var connection = cursor.Session ?? await server.OpenConnectionAsync(cancellationToken);
        var isHeld = false;
        try
        {
            await using var command = Command(
                "SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1, $2::documentdb_core.bson, $3::documentdb_core.bson)", request, connection);
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = cursor.Continuation });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var page = new BsonDocument(reader.GetFieldValue<byte[]>(0));
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                isHeld = cursor.Session is not null;
                cursors.Add(cursor with { Continuation = reader.GetFieldValue<byte[]>(1) });
            }
            return page;
        }
        finally
        {
            if (!isHeld) await connection.DisposeAsync();
        }
    }

    /// <summary>Ends cursors.</summary>
    public async Task<BsonDocument> KillCursorsAsync(Request request)
    {
        var (killed, notFound) = (new List<long>(), new List<long>());
        foreach (var element in request.Body.Find("cursors")!.Value.Document.Elements)
        {
            var cursor = cursors.Take(element.Int64);
            (cursor is null ? notFound : killed).Add(element.Int64);
            if (cursor?.Session is { } session) await session.DisposeAsync();
        }
        return Answers.KilledCursors(killed, notFound);
    }

    private static NpgsqlCommand Command(string sql, Request request, NpgsqlConnection connection) => new(sql, connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = request.Database }, new NpgsqlParameter { Value = request.Body.Bytes, NpgsqlDbType = NpgsqlDbType.Bytea } },
    };
}
