using System.Data.Common;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sharing;

/// <summary>Many who write the same tables at once.</summary>
public abstract class SharedConcurrencyTests(Harness harness) : SharedTests(harness)
{
    private const int Writers = 6;

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task Of_writers_of_the_same_keys_each_key_is_inserted_by_one()
    {
        var outcomes = await RunAsync(Target(), rounds: 12, (writer, round) => Enumerable.Range(0, 20).Select(i => Row((round * 20) + ((i * 7 + writer) % 20), (writer * 1000) + round)));
        outcomes.Count(o => o == 'i').ShouldBe(12 * 20);
        outcomes.Count(o => o is 'i' or 'u').ShouldBe(12 * 20 * Writers, "each writes another value, so that none may be lost");
        (await RowsAsync()).Length.ShouldBe(12 * 20);
    }

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task One_hot_key_loses_no_update()
    {
        var outcomes = await RunAsync(Target(), rounds: 25, (writer, round) => [Row(1, (writer * 1000) + round)]);
        outcomes.Count(o => o == 'i').ShouldBe(1);
        outcomes.Count(o => o == 'u').ShouldBe((25 * Writers) - 1);
    }

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task Older_never_overwrites_newer_whoever_comes_first()
    {
        var target = Target(cursor: "n");
        await RunAsync(target, rounds: 20, (writer, round) => Enumerable.Range(0, 5).Select(i => Row(i, ((writer * 17) + (round * 13) + i) % 101)));
        var newest = Enumerable.Range(0, 5).Select(i => $"id={i} n={Enumerable.Range(0, Writers).Max(w => Enumerable.Range(0, 20).Max(r => ((w * 17) + (r * 13) + i) % 101))}");
        (await RowsAsync()).ShouldBe(newest);
    }

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task Appended_records_are_all_there()
    {
        await RunAsync(Target(key: null), rounds: 10, (writer, round) => Enumerable.Range(0, 30).Select(i => Row(writer, (round * 100) + i)));
        (await RowsAsync()).Length.ShouldBe(10 * 30 * Writers);
    }

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task Writers_that_bring_new_columns_at_once_all_get_them()
    {
        await RunAsync(Target(), rounds: 8, (writer, round) => [$$"""{"id":{{(writer * 100) + round}},"w{{writer}}":{{writer}},"shared{{round}}":"x"}"""]);
        var rows = await Db.ReadAsync("t");
        rows.Count.ShouldBe(8 * Writers);
        rows.ShouldAllBe(r => r.Count == 3);
    }

    [SkippableFact]
    [Trait("guarantee", "G112")]
    public async Task Inserts_and_deletes_of_others_do_not_lose_a_record()
    {
        Db.NeedsSql();
        const int Rounds = 15;
        using var begun = new SemaphoreSlim(0);
        var disturber = Task.Run(async () =>
        {
            // A delete for each write that begins: one that never rests would keep the others from a database that has one writer at a time.
            for (var i = 0; i < Writers * Rounds; i++)
            {
                await begun.WaitAsync();
                if ((await Db.TablesAsync("t")).Count > 0) await DeleteAsync(i % 5);
            }
        });
        await RunAsync(Target(), Rounds, (writer, round) =>
        {
            begun.Release();
            return Enumerable.Range(0, 10).Select(i => Row(i, (writer * 1000) + round));
        });
        await disturber;
        await using var writer = await OpenAsync(Target());
        await WriteAsync(writer, Target(), Enumerable.Range(0, 10).Select(i => Row(i, -1)));
        (await RowsAsync()).ShouldBe(Enumerable.Range(0, 10).Select(i => $"id={i} n=-1"));
    }

    // Where several wait for the same row, the database may end whichever it likes in a deadlock.
    private async Task DeleteAsync(int id)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Db.ExecuteAsync($"DELETE FROM t WHERE id = {id}");
                return;
            }
            catch (DbException e) when (e.IsTransient && attempt < 10)
            {
                // Again.
            }
        }
    }

    // All begin at once; a temporary error is met as the engine meets it.
    private async Task<string> RunAsync(StreamTarget target, int rounds, Func<int, int, IEnumerable<string>> records)
    {
        using var barrier = new Barrier(Writers);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Factory.StartNew(async () =>
        {
            barrier.SignalAndWait();
            await using var writer = await RetriedAsync(() => OpenAsync(target));
            var letters = "";
            for (var round = 0; round < rounds; round++)
            {
                var now = records(number, round).ToList();
                letters += await RetriedAsync(() => OutcomesAsync(writer, target, now));
            }
            return letters;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        return string.Concat(outcomes);
    }

    private static async Task<T> RetriedAsync<T>(Func<Task<T>> call)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && attempt < 10)
            {
                // Again.
            }
        }
    }

    public sealed class OnSqlite() : SharedConcurrencyTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SharedConcurrencyTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SharedConcurrencyTests(new PostgreSqlHarness(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SharedConcurrencyTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
