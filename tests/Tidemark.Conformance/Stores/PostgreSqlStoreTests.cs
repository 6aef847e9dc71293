using Tidemark.Conformance.Support;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql;
using Tidemark.Runs;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Stores;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlStoreTests(PostgresServer server) : StoreTests, IAsyncLifetime
{
    private string _url = "";

    public async Task InitializeAsync() => _url = await server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Connection_that_was_cut_is_opened_again()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("a")], default);
        await SqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark' AND datname = '{PostgresServer.DatabaseOf(_url)}'");
        await store.AddAsync([Failed("b")], default);
        (await store.ListOpenAsync("p", default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_is_up_to_date_needs_no_right_to_create()
    {
        await (await OpenAsync()).DisposeAsync();
        await SqlAsync("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA tidemark TO reader; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA tidemark TO reader");
        await using var store = await OpenAsync(server.Url(PostgresServer.DatabaseOf(_url), "reader"));
        await store.AddAsync([Failed("a")], default);
        (await store.ListOpenAsync("p", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Missing_right_is_told_in_words()
    {
        await SqlAsync("CREATE ROLE nobody LOGIN");
        var e = await Should.ThrowAsync<DestinationException>(() => OpenAsync(server.Url(PostgresServer.DatabaseOf(_url), "nobody")));
        (e.Fault, e.Message.Contains("permission denied", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true));
    }

    protected override Task<IStore> OpenAsync() => OpenAsync(_url);

    protected override Task AgeAsync() => SqlAsync("INSERT INTO tidemark.schema_version(version) VALUES(99)");

    private static async Task<IStore> OpenAsync(string url) => await PostgreSqlStore.OpenAsync(new PostgreSqlDestination { Url = new Secret(url) }, TimeProvider.System, default);

    private Task<string> SqlAsync(string sql) => server.SqlAsync(PostgresServer.DatabaseOf(_url), sql);
}
