using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Tests.Support;

namespace Tidemark.MongoDb.Tests.Writing;

/// <summary>What holds without transactions.</summary>
[Collection(MongoDbCollection.Name)]
public sealed class StreamTests(MongoServer server)
{
    private const int Rounds = 40;

    private static string[] Records(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}},"n":1}"""))];

    [MongoFact]
    [Trait("guarantee", "G192")]
    public async Task What_was_appended_without_a_checkpoint_is_taken_away_and_nothing_else()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: null);
        await bench.WriteAsync(target, Records(1, 3));
        await bench.WriteAsync(target, Records(1, 3));
        var left = await bench.Destination.OpenAsync(target, default);
        var abandoned = await left.BeginAsync(default);
        using (var batch = Bench.Batch(target, Records(1, 9))) await abandoned.WriteAsync(batch, 0, batch.Count, default);
        (await bench.CountAsync()).ShouldBe(15);
        await abandoned.DisposeAsync();
        (await bench.CountAsync()).ShouldBe(6);
        // As a process that is killed leaves it: without an end of anything.
        var killed = await left.BeginAsync(default);
        using (var batch = Bench.Batch(target, Records(1, 9))) await killed.WriteAsync(batch, 0, batch.Count, default);
        await left.DisposeAsync();
        (await bench.CountAsync()).ShouldBe(15);
        await using var next = await bench.Destination.OpenAsync(target, default);
        (await bench.CountAsync()).ShouldBe(6);
        (await Bench.WriteAsync(next, target, Records(1, 4))).Inserted.ShouldBe(4);
        (await bench.CountAsync()).ShouldBe(10);
    }

    [MongoFact]
    [Trait("guarantee", "G192")]
    public async Task Holder_that_has_lost_its_lease_in_the_middle_takes_away_what_it_has_appended()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: null);
        await using var stopped = await bench.Destination.OpenAsync(target, default);
        await using var transaction = await stopped.BeginAsync(default);
        await bench.ExpireAsync();
        await using var successor = await bench.Destination.OpenAsync(target, default);
        using (var batch = Bench.Batch(target, Records(1, 3))) await transaction.WriteAsync(batch, 0, 3, default);
        (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync(Checkpoint.None, default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        (await bench.CountAsync()).ShouldBe(0);
        (await Bench.WriteAsync(successor, target, Records(1, 3))).Inserted.ShouldBe(3);
        (await bench.CountAsync()).ShouldBe(3);
    }

    [MongoFact]
    [Trait("guarantee", "G192")]
    public async Task Checkpoint_whose_answer_was_lost_is_found_and_what_it_covers_stays()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: null);
        await using var writer = await bench.Destination.OpenAsync(target, default);
        await Bench.WriteAsync(writer, target, Records(1, 2));
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Bench.Batch(target, Records(3, 5));
            await transaction.WriteAsync(batch, 0, 3, default);
            await server.Gateway.LoseAnswerToAsync("update");
            (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 2 }, default))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(2);
        (await Bench.WriteAsync(writer, target, Records(6, 6))).Inserted.ShouldBe(1);
        (await bench.CountAsync()).ShouldBe(6);
    }

    [MongoTheory]
    [Trait("guarantee", "G193")]
    [InlineData("insert", null)]
    [InlineData("update", "id")]
    public async Task Batch_whose_answer_was_lost_is_repeated_without_harm(string command, string? key)
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: key);
        await using var writer = await bench.Destination.OpenAsync(target, default);
        await Bench.WriteAsync(writer, target, Records(0, 0));
        using var batch = Bench.Batch(target, Records(1, 50));
        await using (var transaction = await writer.BeginAsync(default))
        {
            await server.Gateway.LoseAnswerToAsync(command);
            (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 50, default))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.WriteAsync(batch, 0, 50, default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await bench.CountAsync()).ShouldBe(51);
    }

    [MongoFact]
    public async Task Conflicts_with_other_writers_are_tried_again_item_by_item()
    {
        await using var bench = new Bench(server);
        await using var writer = await bench.Destination.OpenAsync(Bench.Target(), default);
        await Bench.WriteAsync(writer, Bench.Target(), Records(1, 10));
        using var batch = Bench.Batch(Bench.Target(), Records(5, 104).Select(r => r.Replace("\"n\":1", "\"n\":2", StringComparison.Ordinal)));
        await using (var transaction = await writer.BeginAsync(default))
        {
            await server.Gateway.FailItemsAsync("update", 3, 112);
            bench.TakeCommands();
            (await transaction.WriteAsync(batch, 0, 100, default)).ShouldBe(new WriteCounts(94, 6, 0));
            bench.TakeCommands().ShouldBe(["update", "update"]);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await bench.CountAsync()).ShouldBe(104);
    }

    [MongoFact]
    [Trait("guarantee", "G194")]
    public async Task Unique_index_that_documents_break_is_refused_at_the_start_naming_them()
    {
        await using var bench = new Bench(server);
        await bench.InsertAsync("t", w => w.String("id"u8, "twice"), w => w.String("id"u8, "twice"), w => w.String("id"u8, "once"));
        var e = await Should.ThrowAsync<DestinationException>(() => bench.Destination.OpenAsync(Bench.Target(), default));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal, e.Message));
        e.Message.ShouldContain("id=twice (2 documents)");
        e.Message.ShouldNotContain("once");
        (await Should.ThrowAsync<DestinationException>(() => bench.Destination.OpenSharedAsync([Bench.Target()], new SharedOptions(), default))).Message.ShouldContain("id=twice");
        (await bench.CountAsync()).ShouldBe(3);
    }

    [MongoFact]
    public async Task Server_that_asks_for_a_user_says_what_to_write()
    {
        await using var bench = new Bench(server);
        await server.Gateway.FailAsync("find", 13);
        var e = await Should.ThrowAsync<DestinationException>(() => bench.Destination.CheckAsync(default));
        (e.Fault, e.Message.Contains("mongodb://USER:PASSWORD@", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
    }

    [MongoFact]
    [Trait("guarantee", "G195")]
    public async Task Killed_server_loses_nothing_that_was_committed()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: null);
        await using var writer = await bench.Destination.OpenAsync(target, default);
        using var round = new SemaphoreSlim(0);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await RetriedAsync(() => Bench.WriteAsync(writer, target, Records(i * 10, (i * 10) + 9)));
                round.Release();
            }
        });
        for (var kill = 0; kill < 2; kill++)
        {
            for (var i = 0; i < Rounds / 4; i++) await round.WaitAsync();
            await server.Server.KillAsync();
            await server.Server.StartAsync();
        }
        await writing;
        (await bench.CountAsync()).ShouldBe(Rounds * 10);
        (await bench.DocumentsAsync()).Distinct(StringComparer.Ordinal).Count().ShouldBe(Rounds * 10);
    }

    private static async Task RetriedAsync(Func<Task<WriteCounts>> write)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && attempt < 30)
            {
                // It is starting.
            }
        }
    }
}
