using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

/// <summary>Calls that are long enough for statements of many records: 250 of few columns, in a row.</summary>
public sealed class ManyAtOnceTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Long_calls_do_and_count_what_a_dictionary_does(bool withCursor) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20),
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<int>>(), seeds => RunAsync(seeds.Get, Target(cursor: withCursor ? "at" : null)).GetAwaiter().GetResult()));

    [Fact]
    public async Task Append_writes_each_record_in_order()
    {
        (await _db.WriteAsync(Target(key: null), Lines(1000, i => $"\"n\":{i}"))).ShouldBe(new WriteCounts(1000, 0, 0));
        _db.Rows("SELECT n FROM t ORDER BY rowid").ShouldBe(Enumerable.Range(0, 1000).Select(Text));
    }

    [Fact]
    public async Task Texts_of_any_length_arrive_whole()
    {
        var texts = Enumerable.Range(0, 600).Select(i => new string((char)('a' + i % 26), i * 7 % 3000)).ToArray();
        await _db.WriteAsync(Target(), Lines(600, i => $"\"id\":{i},\"x\":\"{texts[i]}\",\"y\":\"{i}\""));
        _db.Rows("SELECT x, y FROM t ORDER BY id").ShouldBe(texts.Select((x, i) => $"{x}|{i}"));
    }

    [Fact]
    public async Task Record_that_breaks_a_constraint_is_told_and_the_others_can_be_written()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK(n <> 300))");
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, Lines(900, i => $"\"id\":{i},\"n\":{i}"));
        var e = await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 900, default));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Record, "the database refuses a record: CHECK constraint failed: n <> 300"));
        (await transaction.WriteAsync(batch, 0, 300, default)).ShouldBe(new WriteCounts(300, 0, 0));
        (await transaction.WriteAsync(batch, 301, 599, default)).ShouldBe(new WriteCounts(599, 0, 0));
        await transaction.CommitAsync(Checkpoint.None, default);
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(899L);
    }

    [Fact]
    public async Task Constraint_that_keeps_the_rows_before_it_keeps_none_of_a_call_that_failed()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT UNIQUE ON CONFLICT FAIL)");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target(), Lines(900, i => $"\"id\":{i},\"n\":{i % 400}")));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Record, "the database refuses a record: UNIQUE constraint failed: t.n"));
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(0L);
    }

    [Fact]
    public async Task Partial_records_update_rows_whose_absent_column_must_not_be_null()
    {
        await _db.WriteAsync(Target(), Lines(600, i => $"\"id\":{i},\"n\":{i}"));
        _db.Execute("ALTER TABLE t ADD COLUMN name TEXT; CREATE TABLE u(id BIGINT PRIMARY KEY, n BIGINT, name TEXT NOT NULL); INSERT INTO u SELECT id, n, 'ann' FROM t");
        (await _db.WriteAsync(Target("u"), Lines(600, i => $"\"id\":{i},\"n\":{i / 2 * 2}"))).ShouldBe(new WriteCounts(0, 300, 300));
        _db.Scalar("SELECT count(*) FROM u WHERE name = 'ann' AND n = id / 2 * 2").ShouldBe(600L);
    }

    [Fact]
    public async Task Rows_that_a_trigger_spares_count_as_unchanged()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT); CREATE TRIGGER g BEFORE UPDATE ON t WHEN new.id % 2 BEGIN SELECT RAISE(IGNORE); END");
        (await _db.WriteAsync(Target(), Lines(600, i => $"\"id\":{i},\"n\":1"))).ShouldBe(new WriteCounts(600, 0, 0));
        (await _db.WriteAsync(Target(), Lines(800, i => $"\"id\":{i},\"n\":2"))).ShouldBe(new WriteCounts(200, 300, 300));
    }

    [Fact]
    public async Task Older_versions_take_marks_away_and_write_nothing_else()
    {
        var target = Target(cursor: "at") with { Deletions = Deletions.Mark };
        await _db.ScanAsync(target, Finish(), Lines(600, i => $"\"id\":{i},\"at\":5"));
        _db.Execute("UPDATE t SET _tidemark_deleted_at = '2026-01-01T00:00:00Z' WHERE id < 100");
        (await _db.WriteAsync(target, Lines(600, i => $"\"id\":{i},\"at\":4"))).ShouldBe(new WriteCounts(0, 100, 500, Older: 500));
        _db.Scalar("SELECT count(*) FROM t WHERE at = 5 AND _tidemark_deleted_at IS NULL").ShouldBe(600L);
    }

    private static async Task<bool> RunAsync(int[] seeds, StreamTarget target)
    {
        using var db = new TestDatabase();
        var rows = new Dictionary<int, (int Value, int At, bool HasExtra)>();
        await using var writer = await db.OpenAsync(target);
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            // Each key once: what several records of one key come to is for others to test.
            var ids = Enumerable.Range(0, 1000).OrderBy(_ => random.Next()).Take(random.Next(240, 800));
            var records = ids.Select(id => (Id: id, Value: random.Next(3), At: random.Next(4), HasExtra: random.Next(400) == 0)).ToList();
            var expected = default(WriteCounts);
            foreach (var record in records) expected += Apply(rows, record.Id, (record.Value, record.At, record.HasExtra), target.CursorField is not null);
            var written = await WriteAsync(writer, target, [.. records.Select(r => $"{{\"id\":{r.Id},\"v\":\"{r.Value}\",\"at\":{r.At}{(r.HasExtra ? ",\"extra\":1" : "")}}}")]);
            written.ShouldBe(expected);
            db.Rows("SELECT id, v, at FROM t ORDER BY id").ShouldBe(rows.OrderBy(r => r.Key).Select(r => $"{r.Key}|{r.Value.Value}|{r.Value.At}"));
            if (rows.Values.Any(r => r.HasExtra)) db.Rows("SELECT id FROM t WHERE extra = 1 ORDER BY id").ShouldBe(rows.Where(r => r.Value.HasExtra).Select(r => r.Key).Order().Select(Text));
        }
        return true;
    }

    private static WriteCounts Apply(Dictionary<int, (int Value, int At, bool HasExtra)> rows, int id, (int Value, int At, bool HasExtra) record, bool withCursor)
    {
        if (!rows.TryGetValue(id, out var stored))
        {
            rows[id] = record;
            return new WriteCounts(1, 0, 0);
        }
        if (withCursor && record.At < stored.At) return new WriteCounts(0, 0, 1, Older: 1);
        // A record that does not carry the field keeps it.
        record.HasExtra |= stored.HasExtra;
        rows[id] = record;
        return stored == record ? new WriteCounts(0, 0, 1) : new WriteCounts(0, 1, 0);
    }

    private static string[] Lines(int count, Func<int, string> fields) => [.. Enumerable.Range(0, count).Select(i => $"{{{fields(i)}}}")];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
