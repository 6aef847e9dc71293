using Microsoft.Data.Sqlite;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Store;

/// <summary>The connection of a store: one task at a time, errors as the engine knows them.</summary>
internal sealed class StoreConnection : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SqliteConnection _connection;
    private readonly string _path;

    public StoreConnection(string path)
    {
        _path = path;
        SQLitePCL.Batteries_V2.Init();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
    }

    /// <summary>Opens it: WAL, an fsync at each commit.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => UseAsync(async connection =>
    {
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Does some work when it is this task's turn.</summary>
    public async Task<T> UseAsync<T>(Func<SqliteConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work(_connection);
        }
        catch (SqliteException e)
        {
            throw SqliteError.Of(e.SqliteExtendedErrorCode, e.Message, _path, e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }
}
