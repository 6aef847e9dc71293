using System.Globalization;
using System.Text;
using Tidemark.Destinations;
using Tidemark.MongoDb.Tests.Support;
using Tidemark.Records;

namespace Tidemark.MongoDb.Tests.Sharing;

/// <summary>What posts cost, and what becomes of them when many write the same documents.</summary>
[Collection(MongoDbCollection.Name)]
public sealed class KpiTests(MongoServer server)
{
    private static readonly StreamTarget Sellers = Bench.Target("kpi_entries", "seller_id,date,source");
    private static readonly StreamTarget Managers = Bench.Target("manager_kpis", "manager_id,date,source");

    [MongoTheory]
    [Trait("guarantee", "G196")]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Post_of_any_size_takes_five_commands_and_seven_with_a_key(int count)
    {
        await using var bench = await SeededAsync();
        await using var writer = await bench.Destination.OpenSharedAsync([Sellers, Managers], new SharedOptions(), default);
        // Which fields come is noted with the first post.
        await PostAsync(writer, 10, value: 0, key: null);
        foreach (var (value, key, most) in new[] { (1, null, 5), (2, "new", 7), (2, "unchanged", 7) })
        {
            bench.TakeCommands();
            await server.Gateway.ResetAsync();
            await PostAsync(writer, count, value, key);
            var commands = bench.TakeCommands();
            commands.Count.ShouldBeLessThanOrEqualTo(most, string.Join(' ', commands));
            (await server.Gateway.CountsAsync()).Where(c => c.Key is not ("hello" or "ping" or "endSessions")).Sum(c => c.Value).ShouldBe(commands.Count);
        }
        (await bench.CountAsync("kpi_entries") + await bench.CountAsync("manager_kpis")).ShouldBe(Math.Max(10, count));
    }

    [MongoFact]
    [Trait("guarantee", "G197")]
    public async Task Eight_writers_of_the_same_thousand_keys_make_a_thousand_documents_and_answer_each_entry()
    {
        const int Writers = 8, Posts = 1250, Keys = 1000;
        await using var bench = await SeededAsync();
        using var barrier = new Barrier(Writers);
        var inserted = await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Factory.StartNew(async () =>
        {
            await using var writer = await bench.Destination.OpenSharedAsync([Sellers], new SharedOptions(), default);
            barrier.SignalAndWait();
            var count = 0;
            for (var post = 0; post < Posts; post++)
            {
                using var batch = Bench.Batch(Sellers, Seller(((post * 7) + (number * 131)) % Keys, (number * Posts) + post));
                count += await WrittenAsync(writer, batch);
            }
            return count;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        inserted.Sum().ShouldBe(Keys, "each key is inserted by one");
        (await bench.CountAsync("kpi_entries")).ShouldBe(Keys);
    }

    [MongoFact]
    public async Task References_that_are_not_there_say_so_and_operators_are_no_values()
    {
        await using var bench = await SeededAsync();
        await using var writer = await bench.Destination.OpenSharedAsync([Sellers], new SharedOptions(), default);
        (await Should.ThrowAsync<ReferenceException>(() => FoundAsync(writer, new ReferenceQuery("nowhere", ["id"], [[ScalarValue.Of("1")]])))).Message.ShouldContain("there is no such collection");
        (await FoundAsync(writer, new ReferenceQuery("users", ["id", "store_id"], [
            [ScalarValue.Of("seller-1"), ScalarValue.Of("s1")], [ScalarValue.Of("seller-1"), ScalarValue.Of("other")], [ScalarValue.Of("{\"$gt\":\"\"}"), ScalarValue.Of("s1")]]))).ShouldBe([true, false, false]);
        // A document store compares values as they are.
        await bench.InsertAsync("numbers", w => w.Int32("n"u8, 17), w => w.Double("n"u8, 1.5));
        (await FoundAsync(writer, new ReferenceQuery("numbers", ["n"], [
            [new ScalarValue(ScalarKind.Number, "17.0")], [ScalarValue.Of("17")], [new ScalarValue(ScalarKind.Number, "1.5")]]))).ShouldBe([true, false, true]);
    }

    [MongoFact]
    [Trait("guarantee", "G198")]
    public async Task Key_of_a_post_whose_answer_was_lost_tells_it()
    {
        await using var bench = await SeededAsync();
        await using var writer = await bench.Destination.OpenSharedAsync([Sellers], new SharedOptions(), default);
        using var batch = Bench.Batch(Sellers, Seller(1, 1));
        var key = new IdempotencyKey("r", "k", new byte[32]);
        string token;
        await using (var transaction = await writer.BeginAsync(new SharedLook { Keys = [key] }, default))
        {
            token = transaction.Token;
            await transaction.WriteAsync([new TableRecords(0, batch)], default);
            await server.Gateway.LoseAnswerToAsync("update");
            (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync([new StoredAnswer(key, "{}"u8.ToArray())], default))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        (await writer.WasCommittedAsync(token, default)).ShouldBeTrue();
        await using var again = await writer.BeginAsync(new SharedLook { Keys = [key] }, default);
        again.Keys.ShouldHaveSingleItem().Status.ShouldBe(KeyStatus.Done);
    }

    private async Task<Bench> SeededAsync()
    {
        var bench = new Bench(server);
        await bench.InsertAsync("stores", w => w.String("id"u8, "s1"));
        await bench.InsertAsync("users", [.. Enumerable.Range(0, 1000).SelectMany(i => new Action<Tidemark.MongoDb.Bson.BsonWriter>[] { w => User(w, "seller", i), w => User(w, "manager", i) })]);
        return bench;
    }

    private static void User(Tidemark.MongoDb.Bson.BsonWriter writer, string role, int number)
    {
        writer.String("id"u8, $"{role}-{number}");
        writer.String("role"u8, role);
        writer.String("store_id"u8, "s1");
    }

    private static string Seller(int number, int value) => string.Create(CultureInfo.InvariantCulture, $$"""{"seller_id":"seller-{{number}}","date":"2026-01-02","source":"n8n","revenue":{{value}}.5}""");

    private static string Manager(int number, int value) => string.Create(CultureInfo.InvariantCulture, $$"""{"manager_id":"manager-{{number}}","date":"2026-01-02","source":"n8n","visits":{{value}}}""");

    // As the engine writes a post of nine sellers to one manager.
    private static async Task PostAsync(ISharedWriter writer, int count, int value, string? key)
    {
        using var sellers = Bench.Batch(Sellers, Enumerable.Range(0, count).Where(i => i % 10 != 9).Select(i => Seller(i, value)));
        using var managers = Bench.Batch(Managers, Enumerable.Range(0, count).Where(i => i % 10 == 9).Select(i => Manager(i, value)));
        ReferenceQuery People(string role) => new("users", ["id", "role", "store_id"], [.. Enumerable.Range(0, count).Select(i => new[] { ScalarValue.Of($"{role}-{i}"), ScalarValue.Of(role), ScalarValue.Of("s1") })]);
        var look = new SharedLook
        {
            Keys = key is null ? [] : [new IdempotencyKey("r", key, new byte[32])],
            References = [new ReferenceQuery("stores", ["id"], [[ScalarValue.Of("s1")]]), People("seller"), People("manager")],
        };
        await using var transaction = await writer.BeginAsync(look, default);
        transaction.References.Select(r => r.Count(f => f)).ShouldBe([1, Math.Min(count, 1000), Math.Min(count, 1000)]);
        var written = await transaction.WriteAsync([.. new TableRecords[] { new(0, sellers), new(1, managers) }.Where(p => p.Count > 0)], default);
        written.Sum(w => w.Count).ShouldBe(count);
        await transaction.CommitAsync([.. look.Keys.Select(k => new StoredAnswer(k, Encoding.UTF8.GetBytes("{}")))], default);
    }

    private static async Task<int> WrittenAsync(ISharedWriter writer, RecordBatch batch)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var transaction = await writer.BeginAsync(SharedLook.Nothing, default);
                var outcome = (await transaction.WriteAsync([new TableRecords(0, batch)], default))[0][0].Outcome;
                await transaction.CommitAsync([], default);
                return outcome == RecordOutcome.Inserted ? 1 : 0;
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && attempt < 10)
            {
                // As the engine does.
            }
        }
    }

    private static async Task<IReadOnlyList<bool>> FoundAsync(ISharedWriter writer, ReferenceQuery query)
    {
        await using var transaction = await writer.BeginAsync(new SharedLook { References = [query] }, default);
        return transaction.References.ShouldHaveSingleItem();
    }
}
