using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>Slices of one stream write one table, each with a checkpoint and a lease of its own.</summary>
public abstract class SliceTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Each_slice_has_a_checkpoint_of_its_own()
    {
        (await Db.Destination.ReadSliceCheckpointsAsync(Harness.PipelineName, "s", default)).ShouldBeEmpty();
        await using var stream = await OpenAsync(Target());
        await CommitAsync(stream, new Checkpoint { BatchNumber = 1, Resume = "{}" });
        foreach (var (slice, watermark) in new[] { ("01", "a"), ("2A", "b") })
        {
            await using var writer = await OpenAsync(Target() with { Slice = slice });
            writer.Checkpoint.ShouldBe(Checkpoint.None);
            await CommitAsync(writer, new Checkpoint { BatchNumber = 1, Watermark = watermark, Complete = true, LastSuccess = At, LastFullRead = 7 });
        }
        var slices = await Db.Destination.ReadSliceCheckpointsAsync(Harness.PipelineName, "s", default);
        slices.Keys.Order(StringComparer.Ordinal).ShouldBe(["01", "2A"]);
        slices["2A"].ShouldBe(new Checkpoint { BatchNumber = 1, Watermark = "b", Complete = true, LastSuccess = At, LastFullRead = 7 });
        (await Db.Destination.ReadCheckpointAsync(Harness.PipelineName, "s", default)).ShouldBe(new Checkpoint { BatchNumber = 1, Resume = "{}" });
        (await Db.Destination.ReadSliceCheckpointsAsync(Harness.PipelineName, "other", default)).ShouldBeEmpty();
        (await stream.ReadBatchNumberAsync(default)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Slices_are_written_side_by_side_and_fenced_one_by_one()
    {
        var (one, two) = (Target() with { Slice = "1" }, Target() with { Slice = "2" });
        await using var first = await OpenAsync(one);
        await using var second = await OpenAsync(two);
        await Should.ThrowAsync<LeaseHeldException>(() => OpenAsync(one));
        (await WriteAsync(first, one, """{"id":1}""")).Inserted.ShouldBe(1);
        (await WriteAsync(second, two, """{"id":2,"b":"x"}""")).Inserted.ShouldBe(1);
        (await WriteAsync(first, one, """{"id":1,"b":"y"}""")).Updated.ShouldBe(1);
        await Db.ExpireAsync("s");
        await using var successor = await OpenAsync(one);
        (await Should.ThrowAsync<DestinationException>(() => first.BeginAsync(default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        await second.RenewAsync(default);
        (await RowsAsync()).ShouldBe(["b=x id=2", "b=y id=1"]);
    }

    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static async Task CommitAsync(IStreamWriter writer, Checkpoint checkpoint)
    {
        await using var transaction = await writer.BeginAsync(default);
        await transaction.CommitAsync(checkpoint, default);
    }

    public sealed class OnSqlite() : SliceTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SliceTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SliceTests(new PostgreSqlHarness(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SliceTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
