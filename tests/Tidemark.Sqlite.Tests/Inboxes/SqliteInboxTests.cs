using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Inboxes;

namespace Tidemark.Sqlite.Tests.Inboxes;

public sealed class SqliteInboxTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-inbox-").FullName;

    private string Path => System.IO.Path.Combine(_directory, ".tidemark", "inbox.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Parts_are_taken_in_the_order_in_which_their_batches_were_accepted_also_after_a_restart()
    {
        await using (var inbox = Open())
        {
            await inbox.AddAsync(Part("b", 0), Bytes("b0"), default);
            await AcceptAsync(inbox, "a", "a0");
            await inbox.AcceptAsync(Batch("b", records: 2), Part("b", 1), Bytes("b1"));
            // The same moment, and a clock that was set back, change nothing.
            await inbox.AcceptAsync(Batch("c") with { AcceptedAt = At.AddHours(-1) }, Part("c", 0), Bytes("c0"));
            inbox.Depths.ShouldBe([new InboxDepth("items", 3, 4, 8, At)]);
            (await TakeAsync(inbox)).ShouldBe("a0");
        }
        await using (var inbox = Open())
        {
            (await inbox.OpenAsync(default)).ShouldBeTrue();
            inbox.Depths.ShouldBe([new InboxDepth("items", 2, 3, 6, At.AddHours(-1))]);
            var positions = new List<long>();
            foreach (var payload in new[] { "b0", "b1", "c0" }) (await TakeAsync(inbox, positions)).ShouldBe(payload);
            positions.ShouldBe(positions.Order());
            positions.ShouldBeUnique();
            inbox.Depths.ShouldBeEmpty();
            inbox.Holds("items").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Batch_that_was_never_accepted_is_gone_after_a_restart_and_its_bytes_are_free()
    {
        await using (var inbox = Open(maxSize: 10))
        {
            await inbox.AddAsync(Part("lost", 0), Bytes("12345678"), default);
            (await Should.ThrowAsync<InboxException>(() => AcceptAsync(inbox, "a", "123"))).IsFull.ShouldBeTrue();
            await inbox.DiscardAsync("lost");
            await AcceptAsync(inbox, "a", "123");
            await inbox.AddAsync(Part("lost", 0), Bytes("1234567"), default);
        }
        await using (var inbox = Open(maxSize: 10))
        {
            await inbox.OpenAsync(default);
            await AcceptAsync(inbox, "b", "1234567");
            var full = await Should.ThrowAsync<InboxException>(() => AcceptAsync(inbox, "c", "1"));
            full.Message.ShouldBe("the inbox holds 10 bytes that are not delivered yet, and 1 more are beyond its 10 (max_inbox_size): nothing of this post was kept, come again");
        }
        Scalar("select count(*) from parts").ShouldBe(2);
    }

    [Fact]
    public async Task Outcome_is_kept_until_it_is_purged_and_the_payload_is_not()
    {
        await using var inbox = Open();
        await inbox.AcceptAsync(Batch("a") with { Scope = "s", Key = "k" }, Part("a", 0), Bytes("payload"));
        var (_, part, payload) = await inbox.TakeAsync("items", default);
        payload.Dispose();
        await inbox.CompleteAsync(part with { Outcome = Bytes("outcome") }, problem: null);
        var batch = (await inbox.FindAsync("s", "k")).ShouldNotBeNull();
        (batch.Id, batch.EndedAt, batch.Problem).ShouldBe(("a", At, null));
        Encoding.UTF8.GetString((await inbox.ListPartsAsync("a"))[0].Outcome!.Value.Span).ShouldBe("outcome");
        Scalar("select count(*) from parts where payload is not null").ShouldBe(0);
        await inbox.PurgeAsync(At);
        (await inbox.FindAsync("a")).ShouldNotBeNull();
        await inbox.PurgeAsync(At.AddTicks(1));
        (await inbox.FindAsync("a")).ShouldBeNull();
        Scalar("select count(*) from parts").ShouldBe(0);
    }

    [Fact]
    public async Task Problem_ends_a_batch_and_what_is_left_of_it()
    {
        await using var inbox = Open();
        await inbox.AddAsync(Part("a", 0), Bytes("a0"), default);
        await inbox.AddAsync(Part("a", 1), Bytes("a1"), default);
        await inbox.AcceptAsync(Batch("a", records: 3), Part("a", 2), Bytes("a2"));
        await TakeAsync(inbox);
        var (_, part, payload) = await inbox.TakeAsync("items", default);
        payload.Dispose();
        part.Number.ShouldBe(1);
        await inbox.CompleteAsync(part, "refused");
        (await inbox.FindAsync("a"))!.Problem.ShouldBe("refused");
        inbox.Depths.ShouldBeEmpty();
        (await inbox.ListPartsAsync("a")).Count(p => p.Outcome is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Many_that_wait_share_transactions_and_one_that_is_to_blame_fails_alone()
    {
        await using var inbox = Open();
        await AcceptAsync(inbox, "twice", "x");
        var before = inbox.Commits;
        var calls = Enumerable.Range(0, 200).Select(i => AcceptAsync(inbox, i == 100 ? "twice" : $"b{i}", "x")).ToList();
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        calls.Count(c => c.IsFaulted).ShouldBe(1);
        calls[100].Exception!.InnerException.ShouldBeOfType<InboxException>();
        inbox.Depths[0].Batches.ShouldBe(200);
        (inbox.Commits - before).ShouldBeInRange(1, 100);
    }

    [Fact]
    public async Task Second_process_finds_it_taken_and_a_look_does_not_disturb()
    {
        await using var first = Open();
        await AcceptAsync(first, "a", "x");
        await using (var second = Open())
        {
            (await second.OpenAsync(default)).ShouldBeFalse();
            (await Should.ThrowAsync<InboxException>(() => AcceptAsync(second, "b", "x"))).Message.ShouldContain("another server of this pipeline has the inbox");
        }
        SqliteInbox.Look(Path, "p").ShouldBe([new InboxDepth("items", 1, 1, 1, At)]);
        // Another pipeline may use the same file.
        await using var other = new SqliteInbox(Path, "other", new FixedTime());
        (await other.OpenAsync(default)).ShouldBeTrue();
        other.Depths.ShouldBeEmpty();
        SqliteInbox.Look(System.IO.Path.Combine(_directory, "none.db"), "p").ShouldBeEmpty();
    }

    [Fact]
    public async Task File_of_a_newer_version_is_refused()
    {
        await using (var inbox = Open()) await AcceptAsync(inbox, "a", "x");
        using (var connection = Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 7";
            command.ExecuteNonQuery();
        }
        await using var older = Open();
        (await Should.ThrowAsync<InboxException>(() => older.OpenAsync(default))).Message.ShouldContain("has schema 7, this version of Tidemark knows 1");
    }

    private SqliteInbox Open(long maxSize = 1 << 20) => new(Path, "p", new FixedTime()) { MaxSize = maxSize };

    private static Task AcceptAsync(SqliteInbox inbox, string id, string payload) => inbox.AcceptAsync(Batch(id), Part(id, 0), Bytes(payload));

    private static InboxBatch Batch(string id, long records = 1) => new() { Id = id, Stream = "items", Path = "/v1/streams/items/records", AcceptedAt = At, Records = records };

    private static InboxPart Part(string batch, int number) => new(batch, number, new byte[32], Records: 1);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> TakeAsync(SqliteInbox inbox, List<long>? positions = null)
    {
        var (_, part, payload) = await inbox.TakeAsync("items", default);
        using (payload)
        {
            positions?.Add(part.Position);
            await inbox.CompleteAsync(part with { Outcome = Bytes("{}") }, problem: null);
            return Encoding.UTF8.GetString(payload.Written);
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    private long Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => At;
    }
}
