using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests;

/// <summary>What only this destination has to do; what every destination does is tested in the conformance suite.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PgDestinationTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task User_who_may_not_read_a_table_is_told_what_is_missing()
    {
        await _db.WriteAsync(Target(), """{"id":1}""");
        var url = await _db.AddUserAsync();
        await _db.SqlAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {_db.User}; REVOKE SELECT ON t FROM {_db.User}");
        var append = Target() with { Disposition = WriteDisposition.Append, Stream = "other" };
        var e = await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).OpenAsync(append, default));
        (e.Fault, e.Message.Contains("permission denied for table t", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
        await _db.SqlAsync($"GRANT SELECT ON t TO {_db.User}; REVOKE UPDATE, DELETE ON t FROM {_db.User}");
        await using var writer = await _db.Destination(url).OpenAsync(append, default);
        (await WriteAsync(writer, append, """{"id":2}""")).Inserted.ShouldBe(1);
    }

    [Fact]
    public async Task Queue_gives_back_what_jsonb_would_not_hold()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.EnqueueAsync("q", [.. Enumerable.Range(1, 600).Select(i => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{i}},"t":"\u0000é"}"""))], default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        var first = await writer.PeekAsync("q", 0, 500, default);
        (first.Count, System.Text.Encoding.UTF8.GetString(first[^1].Json.Span)).ShouldBe((500, """{"n":500,"t":"\u0000é"}"""));
        (await writer.PeekAsync("q", first[^1].Number, 500, default)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task Newest_rows_come_by_cursor_and_without_columns_of_ours()
    {
        var target = Target() with { CursorField = "at", Deletions = Deletions.Mark };
        await _db.WriteAsync(target, [.. Enumerable.Range(1, 9).Select(i => $$"""{"id":{{i}},"at":"2026-01-0{{10 - i}}T10:00:00.5Z","ok":true,"d":0.5,"j":{"a":1},"big":12345678901234567890123}""")]);
        var sample = await _db.Destination().ReadNewestAsync(target, 2, default);
        sample.Columns.ShouldBe(["id", "at", "ok", "d", "j", "big"]);
        sample.Total.ShouldBe(9);
        sample.Rows.Select(r => r.ToArray()).ShouldBe([[1L, "2026-01-09T10:00:00.5Z", true, 0.5, "{\"a\": 1}", "12345678901234567890123"], [2L, "2026-01-08T10:00:00.5Z", true, 0.5, "{\"a\": 1}", "12345678901234567890123"]]);
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination().ReadNewestAsync(Target("nowhere"), 2, default))).Message.ShouldContain("'public.nowhere' does not exist");
    }

    [Fact]
    public async Task Newest_rows_show_times_that_only_the_database_can_hold()
    {
        await _db.SqlAsync("""
            CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz, day date, local timestamp);
            INSERT INTO t VALUES (1, '0001-12-31 23:00:00+00 BC', '0044-03-15 BC', '0001-12-31 23:00:00 BC'), (2, '294276-12-31 23:59:59+00', '5874897-12-31', 'infinity')
            """);
        var sample = await _db.Destination().ReadNewestAsync(Target() with { CursorField = "id" }, 2, default);
        sample.Rows.Select(r => string.Join('|', r)).ShouldBe(["2|294276-12-31T23:59:59Z|5874897-12-31|infinity", "1|0001-12-31T23:00:00Z BC|0044-03-15 BC|0001-12-31 23:00:00 BC"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Table_that_somebody_replaces_during_a_run_is_not_written_to(bool cut)
    {
        await using var writer = await _db.OpenAsync(Target());
        await TestDestination.WriteAsync(writer, Target(), """{"id":1}""");
        await _db.SqlAsync("DROP TABLE t; CREATE TABLE t (id bigint PRIMARY KEY)");
        if (cut)
        {
            await _db.CutAsync();
            (await Should.ThrowAsync<DestinationException>(() => TestDestination.WriteAsync(writer, Target(), """{"id":2}"""))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        var e = await Should.ThrowAsync<DestinationException>(() => TestDestination.WriteAsync(writer, Target(), """{"id":2}"""));
        (e.Fault, e.Message.Contains("the table 'public.t' during this run and made another one of its name", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
        (await _db.SqlAsync("SELECT count(*) FROM t")).ShouldBe("0");
    }

    [Theory]
    [InlineData("_tidemark_x", "reserved")]
    [InlineData("", "can't be a name")]
    [InlineData("a.b.c", "expected a table or schema.table")]
    public async Task Table_that_can_not_be_is_refused(string table, string message) =>
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target(table)))).Message.ShouldContain(message);

    [Fact]
    public async Task Schema_of_the_table_is_made_and_ours_stays_where_it_is()
    {
        await _db.WriteAsync(Target("crm.people"), """{"id":1}""");
        (await _db.SqlAsync("SELECT id, (SELECT count(*) FROM public._tidemark_checkpoints) FROM crm.people")).ShouldBe("1|1");
    }

    [Fact]
    public async Task Schema_that_is_not_there_has_no_checkpoint() =>
        (await _db.Destination(schema: "nowhere").ReadCheckpointAsync("p", "s", default)).ShouldBe(Checkpoint.None);
}
