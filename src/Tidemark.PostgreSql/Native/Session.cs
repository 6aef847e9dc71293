using System.Data;
using Npgsql;
using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>
/// One connection, used by one task. Nothing that a transaction pooler breaks: no session settings, no session locks, no prepared statements, temporary tables ON COMMIT DROP.
/// Every error comes out as a <see cref="DestinationException"/>.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly PgErrors _errors;
    private readonly List<string> _deferred = [];

    private Session(NpgsqlConnection connection, PgErrors errors)
    {
        _connection = connection;
        _errors = errors;
    }

    /// <summary>True between BEGIN and COMMIT or ROLLBACK.</summary>
    public bool InTransaction { get; private set; }

    /// <summary>False once the connection is lost: then it can only be disposed.</summary>
    public bool IsOpen => _connection.State == ConnectionState.Open;

    /// <summary>The server's major version.</summary>
    public int ServerVersion => _connection.PostgreSqlVersion.Major;

    /// <summary>What is wrong with the last statement, in the words of the engine.</summary>
    public PgErrors Errors => _errors;

    /// <summary>Connects.</summary>
    public static async Task<Session> OpenAsync(NpgsqlDataSource source, PgErrors errors, CancellationToken cancellationToken)
    {
        var connection = source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new Session(connection, errors);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            // Nothing but connecting was tried: whatever is wrong is on the way to the database.
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested) throw;
            throw errors.OfConnecting(e);
        }
    }

    /// <summary>
    /// Sends a statement without parameters and without an answer with the next one, so that it costs no round trip of its own. What is wrong with it is told by that one.
    /// </summary>
    public void Defer(string sql) => _deferred.Add(sql);

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<object?> values) =>
        UseAsync(sql, values, async reader =>
        {
            // Only at the end are all counted.
            while (await reader.NextResultAsync(cancellationToken)) continue;
            return (long)reader.RecordsAffected;
        }, cancellationToken);

    /// <summary>The first value of the first row; null if there is none, or if it is NULL.</summary>
    public Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<object?> values) => UseAsync(sql, values, async reader =>
        await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken) ? reader.GetValue(0) : null, cancellationToken);

    /// <summary>All rows, for results that are known to be small; NULL is null.</summary>
    public Task<List<object?[]>> RowsAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<object?> values) =>
        UseAsync(sql, values, reader => RowsAsync(reader, cancellationToken), cancellationToken);

    /// <summary>Runs several statements in one round trip; the rows of each that answers rows, in order, for results that are known to be small.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<List<List<object?[]>>> RunAllAsync(IReadOnlyList<PgStatement> statements, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOpen) throw _errors.Lost();
        try
        {
            await using var batch = BatchOf(statements);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var results = new List<List<object?[]>>();
            if (reader.FieldCount == 0) return results;
            do results.Add(await RowsAsync(reader, cancellationToken));
            while (await reader.NextResultAsync(cancellationToken));
            return results;
        }
        catch (Exception e) when (PgErrors.IsFromDatabase(e))
        {
            throw _errors.Of(e);
        }
    }

    /// <summary>Sends bytes in the binary format of COPY, header and trailer included.</summary>
    /// <param name="sql"><c>COPY … FROM STDIN (FORMAT BINARY)</c>.</param>
    /// <param name="next">Gives the next bytes, valid until it is called again; empty at the end. What it throws ends the COPY, and comes out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task CopyAsync(string sql, Func<ReadOnlyMemory<byte>> next, CancellationToken cancellationToken)
    {
        if (!IsOpen) throw _errors.Lost();
        // COPY can't be sent behind others: the last of these takes the rest along.
        if (_deferred is [.., var last])
        {
            _deferred.RemoveAt(_deferred.Count - 1);
            await ExecuteAsync(last, cancellationToken);
        }
        // What is wrong with the first bytes is found before the server is asked for anything.
        var bytes = next();
        try
        {
            // The server's own word, for example on a key that is there already, comes with the end.
            await using var copy = await _connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
            try
            {
                for (; bytes.Length > 0; bytes = next()) await copy.WriteAsync(bytes, cancellationToken);
            }
            catch (Exception e) when (!PgErrors.IsFromDatabase(e))
            {
                // Without this, the end of the block would complete it with what was sent so far.
                await copy.CancelAsync();
                throw;
            }
        }
        catch (Exception e) when (PgErrors.IsFromDatabase(e))
        {
            throw _errors.Of(e);
        }
    }

    /// <summary>BEGIN, with the next statement. Whatever reads the catalog, or values as text, does so in a transaction.</summary>
    public void Begin()
    {
        // What a user or a database has by default must not change what our statements see, nor what the server's texts of types and numbers look like.
        Defer("BEGIN ISOLATION LEVEL READ COMMITTED");
        Defer("SET LOCAL quote_all_identifiers = off");
        Defer("SET LOCAL extra_float_digits = 1");
        InTransaction = true;
    }

    /// <summary>COMMIT. After an error nobody knows whether it went through.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => CommitAsync(last: null, cancellationToken);

    /// <summary>A last statement and COMMIT, in one round trip. After an error nobody knows whether it went through.</summary>
    /// <param name="last">What goes before the COMMIT; null: nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task CommitAsync(PgStatement? last, CancellationToken cancellationToken)
    {
        InTransaction = false;
        if (last is null) await ExecuteAsync("COMMIT", cancellationToken);
        else await RunAllAsync([last, new PgStatement("COMMIT")], cancellationToken);
    }

    /// <summary>ROLLBACK, if a transaction is open and the connection is there.</summary>
    public async Task RollbackAsync()
    {
        if (!InTransaction) return;
        InTransaction = false;
        _deferred.Clear();
        if (!IsOpen) return;
        try
        {
            await ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
        catch (DestinationException)
        {
            // The server rolls back what has lost its connection.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<T> UseAsync<T>(string sql, IReadOnlyList<object?> values, Func<NpgsqlDataReader, Task<T>> use, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOpen) throw _errors.Lost();
        try
        {
            await using var command = values.Count == 0 ? CommandOf(sql) : null;
            await using var batch = values.Count == 0 ? null : BatchOf(new PgStatement(sql, values));
            await using var reader = await (command is null ? batch!.ExecuteReaderAsync(cancellationToken) : command.ExecuteReaderAsync(cancellationToken));
            var result = await use(reader);
            // An error of what comes behind the rows is told only then.
            while (await reader.NextResultAsync(cancellationToken)) continue;
            return result;
        }
        catch (Exception e) when (PgErrors.IsFromDatabase(e))
        {
            throw _errors.Of(e);
        }
    }

    // A text without parameters may hold several statements.
    private NpgsqlCommand CommandOf(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = string.Join(";", [.. _deferred, sql]);
        _deferred.Clear();
        return command;
    }

    private NpgsqlBatch BatchOf(params IReadOnlyList<PgStatement> statements)
    {
        var batch = _connection.CreateBatch();
        foreach (var statement in _deferred) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        _deferred.Clear();
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            foreach (var value in statement.Values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    private static async Task<List<object?[]>> RowsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = await reader.IsDBNullAsync(i, cancellationToken) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }
}
