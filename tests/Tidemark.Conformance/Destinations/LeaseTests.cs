using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Scanning;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>One writer a stream: who holds it, who takes over, and what becomes of the one before.</summary>
public abstract class LeaseTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Second_writer_is_told_who_holds_the_stream()
    {
        await using var writer = await OpenAsync(Target());
        var e = await Should.ThrowAsync<LeaseHeldException>(() => OpenAsync(Target()));
        e.Holder.ShouldStartWith($"{Environment.MachineName} pid {Environment.ProcessId} since 2");
        e.Holder.ShouldNotContain("[");
        e.ExpiresAt.ShouldBeInRange(TimeProvider.System.GetUtcNow().AddSeconds(5), TimeProvider.System.GetUtcNow().AddSeconds(16));
        writer.RenewEvery.ShouldBeLessThan(e.ExpiresAt - TimeProvider.System.GetUtcNow());
        await using var other = await OpenAsync(Target("u") with { Stream = "other" });
        await using var elsewhere = await OpenAsync(Target("v") with { PipelineName = "other" });
    }

    [SkippableFact]
    public async Task Onlooker_sees_checkpoints_holders_and_size()
    {
        (await Db.Destination.ObserveAsync(Harness.PipelineName, default)).Streams.ShouldBeEmpty();
        var target = Target();
        await using (var writer = await OpenAsync(target))
        {
            await WriteAsync(writer, target, """{"id":1}""");
            await using var elsewhere = await OpenAsync(Target("v") with { PipelineName = "other" });
            var seen = await Db.Destination.ObserveAsync(Harness.PipelineName, default);
            if (Db.SpeaksSql) seen.Bytes.ShouldNotBeNull().ShouldBeGreaterThan(4096);
            var stream = seen.Streams.ShouldHaveSingleItem();
            stream.Stream.ShouldBe(target.Stream);
            stream.Checkpoint.ShouldBe(await Db.Destination.ReadCheckpointAsync(Harness.PipelineName, target.Stream, default));
            LeaseOwner.ProcessOf(stream.Holder.ShouldNotBeNull()).ShouldBe(Environment.ProcessId);
            await Db.ExpireAsync("s");
            (await Db.Destination.ObserveAsync(Harness.PipelineName, default)).Streams.Single().Holder.ShouldBeNull();
        }
        (await Db.Destination.ObserveAsync(Harness.PipelineName, default)).Streams.Single().Holder.ShouldBeNull();
    }

    [SkippableFact]
    public async Task Disposed_writer_gives_the_stream_back()
    {
        await (await OpenAsync(Target())).DisposeAsync();
        var writer = await OpenAsync(Target());
        await writer.DisposeAsync();
        await writer.DisposeAsync();
        await using var next = await OpenAsync(Target());
    }

    [SkippableFact]
    public async Task Stopped_holder_is_fenced_off_once_another_has_taken_over()
    {
        var target = Target();
        await using var stopped = await OpenAsync(target);
        await WriteAsync(stopped, target, """{"id":1}""");
        await Db.ExpireAsync("s");
        await using var successor = await OpenAsync(target);
        (await Should.ThrowAsync<DestinationException>(() => stopped.BeginAsync(default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        var e = await Should.ThrowAsync<DestinationException>(() => stopped.RenewAsync(default));
        (e.Fault, e.Message.Contains($"pid {Environment.ProcessId}", StringComparison.Ordinal)).ShouldBe((DestinationFault.LeaseLost, true));
        await stopped.DisposeAsync();
        await Should.ThrowAsync<LeaseHeldException>(() => OpenAsync(target));
        (await WriteAsync(successor, target, """{"id":2}""")).Inserted.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["id=1", "id=2"]);
    }

    [SkippableFact]
    public async Task Expired_lease_that_nobody_took_is_renewed_by_its_holder()
    {
        await using var writer = await OpenAsync(Target());
        await Db.ExpireAsync("s");
        await writer.RenewAsync(default);
        await Should.ThrowAsync<LeaseHeldException>(() => OpenAsync(Target()));
        await Db.ExpireAsync("s");
        await using (var transaction = await writer.BeginAsync(default)) await transaction.CommitAsync(Checkpoint.None, default);
        await Should.ThrowAsync<LeaseHeldException>(() => OpenAsync(Target()));
    }

    [SkippableFact]
    public async Task Renewal_within_a_transaction_is_no_obstacle_to_it()
    {
        var target = Target();
        await using var writer = await OpenAsync(target);
        await using var transaction = await writer.BeginAsync(default);
        await writer.RenewAsync(default);
        using var batch = Batch(target.Schema, """{"id":1}""");
        await transaction.WriteAsync(batch, 0, 1, default);
        await writer.RenewAsync(default);
        await transaction.CommitAsync(Checkpoint.None, default);
        (await RowsAsync()).ShouldBe(["id=1"]);
    }

    [SkippableFact]
    public async Task Writers_that_start_together_one_takes_the_stream()
    {
        var results = await TogetherAsync(8, _ => Target());
        results.OfType<LeaseHeldException>().Count().ShouldBe(7);
        await results.OfType<IStreamWriter>().ShouldHaveSingleItem().DisposeAsync();
    }

    [SkippableFact]
    public async Task Streams_that_start_together_all_find_their_tables()
    {
        var results = await TogetherAsync(8, i => Target() with { Stream = $"s{i}" });
        results.ShouldAllBe(r => r is IStreamWriter);
        foreach (var (writer, i) in results.Cast<IStreamWriter>().Select((w, i) => (w, i)))
        {
            // All of them write the same table, which none of them has seen before.
            (await WriteAsync(writer, Target(), $$"""{"id":{{i}},"n{{i % 2}}":1}""")).Inserted.ShouldBe(1);
            await writer.DisposeAsync();
        }
        (await CountAsync()).ShouldBe(8);
    }

    private async Task<object[]> TogetherAsync(int count, Func<int, StreamTarget> target)
    {
        using var barrier = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(() =>
        {
            // As processes of their own would: nothing is shared but the database.
            var destination = Db.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
            barrier.SignalAndWait();
            try
            {
                return (object)destination.OpenAsync(target(i), default).GetAwaiter().GetResult();
            }
            catch (LeaseHeldException e)
            {
                return e;
            }
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    public sealed class OnSqlite() : LeaseTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : LeaseTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : LeaseTests(new PostgreSqlHarness(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : LeaseTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
