using Tidemark.Conformance.Support;
using Tidemark.Definitions;
using Tidemark.PostgreSql;
using Tidemark.Runs;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Stores;

[Collection(PgBouncerCollection.Name)]
public sealed class PgBouncerStoreTests(PgBouncer bouncer) : StoreTests, IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync() => _database = PostgresServer.DatabaseOf(await bouncer.Server.CreateDatabaseAsync());

    public Task DisposeAsync() => Task.CompletedTask;

    protected override async Task<IStore> OpenAsync() => await PostgreSqlStore.OpenAsync(new PostgreSqlDestination { Url = new Secret(bouncer.Url(_database)) }, TimeProvider.System, default);

    protected override Task AgeAsync() => bouncer.Server.SqlAsync(_database, "INSERT INTO tidemark.schema_version(version) VALUES(99)");
}
