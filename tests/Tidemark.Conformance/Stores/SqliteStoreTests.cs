using Microsoft.Data.Sqlite;
using Tidemark.Runs;
using Tidemark.Sqlite;

namespace Tidemark.Conformance.Stores;

public sealed class SqliteStoreTests : StoreTests, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-store-").FullName;

    private string StoreFile => Path.Combine(_directory, ".tidemark", "store.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    protected override async Task<IStore> OpenAsync() => await SqliteStore.OpenAsync(StoreFile, TimeProvider.System, default);

    protected override async Task AgeAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={StoreFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO schema_version VALUES(99, '')";
        await command.ExecuteNonQueryAsync();
    }
}
