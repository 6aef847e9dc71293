using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Keeping;

[Collection(PostgreSqlCollection.Name)]
public sealed class PgLookupTableTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly LookupTarget Things = new("things", [new DeclaredColumn("rank", null, ColumnType.Bigint)]);

    private TestDestination _db = null!;

    public async Task InitializeAsync()
    {
        _db = await CreateAsync(server);
        await _db.SqlAsync("CREATE TABLE things(cache_key text PRIMARY KEY, rank bigint, created_at timestamptz, expires_at timestamptz, hit_count bigint)");
        await _db.SqlAsync("INSERT INTO things SELECT 'k' || i, i, now(), now(), 0 FROM generate_series(1, 10) AS i");
    }

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Reads_and_counts_are_a_round_trip_each_on_a_connection_that_stays()
    {
        await using var proxy = new WireProxy(server.Port);
        await using var table = _db.Destination(proxy.Through(_db.Url)).OpenLookup(Things);
        await table.FindAsync(["k1"], default);
        proxy.Reset();
        for (var i = 0; i < 100; i++) (await table.FindAsync([$"k{i % 10 + 1}", "nobody"], default)).Count.ShouldBe(1);
        await table.AddHitsAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["k1"] = 3 }, default);
        proxy.RoundTrips.ShouldBe(101);
        (await _db.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tidemark'")).ShouldBe("1");
    }

    [Fact]
    public async Task Connection_that_was_lost_while_nobody_used_it_is_not_noticed_by_who_reads()
    {
        await using var table = _db.Destination().OpenLookup(Things);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => table.FindAsync(["k1"], default)));
        await _db.CutAsync();
        (await table.FindAsync(["k2"], default)).ShouldHaveSingleItem().Key.ShouldBe("k2");
    }

    [Fact]
    public async Task Connection_goes_on_after_a_refused_statement_and_a_table_that_is_not_there_is_empty()
    {
        await using var proxy = new WireProxy(server.Port);
        var destination = _db.Destination(proxy.Through(_db.Url));
        await using var none = destination.OpenLookup(Things with { Table = "not_there" });
        await using var other = destination.OpenLookup(new LookupTarget("things", [new DeclaredColumn("color", null, ColumnType.Text)]));
        (await none.FindAsync(["k1"], default)).ShouldBeEmpty();
        proxy.Reset();
        (await none.FindAsync(["k1"], default)).ShouldBeEmpty();
        (await Should.ThrowAsync<DestinationException>(() => other.FindAsync(["k1"], default))).Message.ShouldContain("color");
        (await destination.OpenLookup(Things).FindAsync(["k1"], default)).Count.ShouldBe(1);
        proxy.RoundTrips.ShouldBe(3);
    }
}
