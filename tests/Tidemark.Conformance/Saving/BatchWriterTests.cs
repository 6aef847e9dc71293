using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Saving;
using Tidemark.Tests.Shared;
using Tidemark.Tests.Support;

namespace Tidemark.Conformance.Saving;

/// <summary>Items of a program, in batches, on a real database.</summary>
public abstract class BatchWriterTests(Harness harness) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly HarnessDefinition _definition = new(harness);

    public Task InitializeAsync() => harness.InitializeAsync();

    public Task DisposeAsync() => harness.DisposeAsync();

    [SkippableFact]
    public async Task Batch_closes_by_count()
    {
        await using var writer = Open(o => o);
        var receipts = new List<Receipt>();
        for (var i = 1; i <= 1000; i++)
        {
            receipts.Add(await writer.AddAsync(Row(i, i)));
            if (i % 10 == 0) (await receipts[^1].Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        }
        receipts.Select(r => r.Number).ShouldBe(Enumerable.Range(1, 1000).Select(i => (long)i));
        var statistics = writer.Statistics;
        (statistics.Batches, statistics.Inserted, statistics.Waiting, statistics.ErrorRate).ShouldBe((100, 1000, 0, 0));
        (await CountAsync()).ShouldBe(1000);
    }

    [SkippableFact]
    public async Task Batch_closes_by_the_age_of_its_oldest_item()
    {
        await using var writer = Open(o => o);
        var receipt = await writer.AddAsync(Row(1, 1));
        await _time.UntilWaitingAsync(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(29));
        (await writer.AddAsync(Row(2, 2))).Durable.IsCompleted.ShouldBeFalse();
        writer.Statistics.OldestAge.ShouldBe(TimeSpan.FromSeconds(29));
        _time.Advance(TimeSpan.FromSeconds(1));
        (await receipt.Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        (writer.Statistics.Batches, writer.Statistics.OldestAge).ShouldBe((1, TimeSpan.Zero));
        (await CountAsync()).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Flush_waits_until_all_is_on_disk_and_dispose_flushes()
    {
        var writer = Open(o => o);
        await writer.FlushAsync();
        await writer.AddAsync(Row(1, 1));
        await writer.FlushAsync();
        (await CountAsync()).ShouldBe(1);
        var last = await writer.AddAsync(Row(2, 2));
        last.Durable.IsCompleted.ShouldBeFalse();
        await writer.DisposeAsync();
        (await last.Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        (await CountAsync()).ShouldBe(2);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await writer.AddAsync(Row(3, 3)));
        await writer.DisposeAsync();
    }

    [SkippableFact]
    public async Task Batch_takes_all_that_wait_and_adding_waits_when_there_is_no_room()
    {
        await using var writer = Open(o => o with { Count = 2, MaxCount = 7 });
        await writer.AddAsync(Row(0, 0));
        await writer.FlushAsync();
        _definition.Gated.Close();
        await writer.AddAsync(Row(1, 1));
        await writer.AddAsync(Row(2, 2));
        await _definition.Gated.UntilHeldAsync();
        for (var i = 3; i < 10; i++) writer.AddAsync(Row(i, i)).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        var waiting = writer.AddAsync(Row(10, 10)).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        writer.Statistics.Waiting.ShouldBe(9);
        _definition.Gated.Open();
        await waiting;
        await writer.FlushAsync();
        (writer.Statistics.Batches, writer.Statistics.Inserted).ShouldBe((4, 11));
    }

    [SkippableFact]
    public async Task Many_producers_lose_nothing()
    {
        await using var writer = Open(o => o with { Count = 50, MaxCount = 200 });
        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(p => Task.Run(async () =>
        {
            var own = new List<Receipt>();
            for (var i = 0; i < 500; i++) own.Add(await writer.AddAsync(Row((p * 1000) + i, i)));
            return own;
        })));
        await writer.FlushAsync();
        receipts.SelectMany(r => r).Select(r => r.Number).Order().ShouldBe(Enumerable.Range(1, 4000).Select(i => (long)i));
        (await CountAsync()).ShouldBe(4000);
        writer.Statistics.Inserted.ShouldBe(4000);
    }

    [SkippableFact]
    public async Task Items_that_cannot_be_written_stand_alone_and_are_kept_before_the_others_are_committed()
    {
        harness.NeedsSql();
        await harness.ExecuteAsync("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK (n < 100))");
        var kept = new List<string>();
        await using var writer = Open(o => o with
        {
            Count = 6,
            KeepRejected = async (items, _) =>
            {
                kept.AddRange(items.Select(i => $"{i.Number} {Encoding.UTF8.GetString(i.Payload.Span)}"));
                if (harness.WritesAtOnce) (await CountAsync()).ShouldBe(0, "nothing is committed before");
            },
        });
        var receipts = new List<Receipt>();
        foreach (var item in new[] { "{\"id\":1}", "x", "{\"n\":1}", "{\"id\":2,\"n\":500}", "{\"id\":3,\"n\":5}", "{\"id\":3,\"n\":6}" }) receipts.Add(await writer.AddAsync(Encoding.UTF8.GetBytes(item)));
        (await receipts[0].Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        foreach (var bad in receipts[1..4]) await Should.ThrowAsync<ItemRejectedException>(() => bad.Durable);
        (await receipts[5].Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        kept.ShouldBe(["2 x", "3 {\"n\":1}", "4 {\"id\":2,\"n\":500}"]);
        (writer.Statistics.Rejected, writer.Statistics.ErrorRate).ShouldBe((3, 0.5));
        (await CountAsync()).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Error_that_passes_is_met_with_another_attempt_and_another_error_is_told()
    {
        await using var writer = Open(o => o);
        await writer.AddAsync(Row(0, 0));
        await writer.FlushAsync();
        _definition.Gated.FailWith(DestinationFault.Temporary, DestinationFault.Temporary);
        var first = await writer.AddAsync(Row(1, 1));
        await _time.DriveAsync(writer.FlushAsync());
        (await first.Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
        writer.Statistics.Retries.ShouldBe(2);
        _definition.Gated.FailWith(DestinationFault.Fatal);
        var second = await writer.AddAsync(Row(2, 2));
        (await Should.ThrowAsync<DestinationException>(() => writer.FlushAsync())).Fault.ShouldBe(DestinationFault.Fatal);
        await Should.ThrowAsync<DestinationException>(() => second.Durable);
        // The next one may fare better.
        await writer.AddAsync(Row(3, 3));
        await writer.FlushAsync();
        (writer.Statistics.Failed, writer.Statistics.Inserted).ShouldBe((1, 3));
        (await CountAsync()).ShouldBe(3);
    }

    [SkippableFact]
    public async Task Writer_that_stops_on_failure_takes_no_more()
    {
        await using var writer = Open(o => o with { StopsOnFailure = true });
        await writer.AddAsync(Row(0, 0));
        await writer.FlushAsync();
        _definition.Gated.FailWith(DestinationFault.Fatal);
        await writer.AddAsync(Row(1, 1));
        await Should.ThrowAsync<DestinationException>(() => writer.FlushAsync());
        await Should.ThrowAsync<DestinationException>(async () => await writer.AddAsync(Row(2, 2)));
        await Should.ThrowAsync<DestinationException>(() => writer.FlushAsync());
    }

    [SkippableFact]
    [Trait("guarantee", "G115")]
    public async Task Lost_answer_to_commit_is_no_second_row()
    {
        harness.NeedsWritersAtOnce();
        await using var writer = Open(o => o with { Key = [] });
        await writer.AddAsync(Row(0, 0));
        await writer.FlushAsync();
        _definition.Gated.LoseCommits(1);
        await writer.AddAsync(Row(1, 1));
        await writer.AddAsync(Row(1, 1));
        await _time.DriveAsync(writer.FlushAsync());
        (writer.Statistics.Inserted, writer.Statistics.Retries).ShouldBe((3, 1));
        (await CountAsync()).ShouldBe(3);
    }

    [SkippableFact]
    public async Task Objects_of_a_program_are_written_by_a_writer_from_its_services()
    {
        var services = new ServiceCollection().AddTidemarkBatchWriter(_ => Options(o => o with { Key = ["url"] }), ShopJson.Default.Shop);
        await using (var writer = (BatchWriter<Shop>)services.ShouldHaveSingleItem().ImplementationFactory!(new NoServices()))
        {
            await writer.AddAsync(new Shop("https://a.example", "TestShop Electronics", 1250));
            var receipt = await writer.AddAsync(new Shop("https://b.example", "Fashion Forward Store", 890));
            await writer.FlushAsync();
            (await receipt.Durable).Outcome.ShouldBe(RecordOutcome.Inserted);
            await writer.AddAsync(new Shop("https://b.example", "Fashion Forward Store", 891));
        }
        (await harness.ReadAsync("t")).Select(r => $"{r["url"]} {r["products"]}").Order(StringComparer.Ordinal).ShouldBe(["https://a.example 1250", "https://b.example 891"]);
    }

    [SkippableTheory]
    [InlineData(0, 5000)]
    [InlineData(11, 10)]
    public void Options_out_of_bounds_are_refused(int count, int maxCount) => Should.Throw<ArgumentOutOfRangeException>(() => Open(o => o with { Count = count, MaxCount = maxCount }));

    private static byte[] Row(int id, int n) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"n":{{n}}}"""));

    private BatchWriterOptions Options(Func<BatchWriterOptions, BatchWriterOptions> with) =>
        with(new BatchWriterOptions { Destination = _definition, Table = "t", Key = ["id"], Time = _time, Random = new Random(1) });

    private JsonBatchWriter Open(Func<BatchWriterOptions, BatchWriterOptions> with) => new(Options(with));

    private async Task<int> CountAsync() => (await harness.ReadAsync("t")).Count;

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    public sealed class OnSqlite() : BatchWriterTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : BatchWriterTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : BatchWriterTests(new PostgreSqlHarness(server));
}
