using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Sharing;

/// <summary>What a write costs on the wire.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SharedRoundTripTests(PostgresServer server)
{
    [Theory]
    [Trait("guarantee", "G110")]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Write_of_any_size_takes_three_round_trips(int count)
    {
        var (a, b) = (TestDestination.Target("kpi", "seller_id", "date"), TestDestination.Target("managers", "manager_id", "date"));
        await using var bench = await SharedBench.OpenAsync(
            server,
            """
            CREATE TABLE stores(id text PRIMARY KEY);
            CREATE TABLE users(id text PRIMARY KEY, role text, store_id text);
            INSERT INTO stores VALUES('s1');
            INSERT INTO users SELECT 'u' || n, CASE WHEN n % 10 = 0 THEN 'manager' ELSE 'seller' END, 's1' FROM generate_series(1, 1000) n
            """,
            a, b);
        // The tables come into being with the first write, and what references are like is read once.
        await WriteAsync(bench.Writer, a, b, 10, value: 0, key: "first");
        foreach (var (value, key) in new[] { (1, "new and changed"), (1, "unchanged"), (2, "changed") })
        {
            bench.Wire.Reset();
            await WriteAsync(bench.Writer, a, b, count, value, key);
            bench.Wire.RoundTrips.ShouldBe(3, key);
        }
        (await bench.SqlAsync("SELECT (SELECT count(*) FROM kpi) + (SELECT count(*) FROM managers), (SELECT count(*) FROM _tidemark_idempotency)")).ShouldBe($"{Math.Max(10, count)}|4");
    }

    private static async Task WriteAsync(ISharedWriter writer, StreamTarget a, StreamTarget b, int count, int value, string key)
    {
        using var sellers = new RecordBatch(a.Schema);
        using var managers = new RecordBatch(b.Schema);
        for (var i = 0; i < count; i++)
        {
            var isManager = i % 10 == 9;
            var record = string.Create(CultureInfo.InvariantCulture, $$"""{"{{(isManager ? "manager_id" : "seller_id")}}":"u{{i + 1}}","date":"2026-01-02","ca":{{value}}.5,"articles":{{i}},"note":"it's ü"}""");
            (isManager ? managers : sellers).Add(System.Text.Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        }
        TableRecords[] parts = [new(0, sellers), new(1, managers)];
        var look = new SharedLook
        {
            Keys = [new IdempotencyKey("r", key, new byte[32])],
            References =
            [
                new ReferenceQuery("stores", ["id"], [[ScalarValue.Of("s1")]]),
                new ReferenceQuery("users", ["id", "role", "store_id"], [.. Enumerable.Range(1, count).Select(i => new[] { ScalarValue.Of($"u{i}"), ScalarValue.Of("seller"), ScalarValue.Of("s1") })]),
                new ReferenceQuery("users", ["id", "role", "store_id"], [.. Enumerable.Range(1, count).Select(i => new[] { ScalarValue.Of($"u{i}"), ScalarValue.Of("manager"), ScalarValue.Of("s1") })]),
            ],
        };
        await writer.PrepareAsync(parts, default);
        await using var transaction = await writer.BeginAsync(look, default);
        transaction.Keys[0].Status.ShouldBe(KeyStatus.New);
        transaction.References[0][0].ShouldBeTrue();
        var there = Math.Min(count, 1000);
        transaction.References[1].Count(f => f).ShouldBe(there - (there / 10));
        transaction.References[2].Count(f => f).ShouldBe(there / 10);
        await transaction.WriteAsync(parts, default);
        await transaction.CommitAsync([new StoredAnswer(look.Keys[0], "{}"u8.ToArray())], default);
    }
}
