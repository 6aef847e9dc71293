using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class TransactionTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Dispose_without_commit_undoes_rows_columns_and_checkpoint()
    {
        await using var writer = await _db.OpenAsync(Target());
        await WriteAsync(writer, Target(), """{"id":1,"a":1}""");
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target(), """{"id":2,"a":"x","b":true}""");
            await transaction.WriteAsync(batch, 0, 1, default);
        }
        (await _db.SqlAsync("SELECT *, pg_typeof(a), (SELECT batch_no FROM _tidemark_checkpoints) FROM t")).ShouldBe("1|1|bigint|1");
        await WriteAsync(writer, Target(), """{"id":3,"c":1.5}""");
        (await _db.SqlAsync("SELECT * FROM t ORDER BY id")).ShouldBe("1|1|NULL\n3|NULL|1.5");
        writer.SchemaChanges.Select(c => (c.Kind, c.Column)).ShouldBe([(SchemaChangeKind.TableCreated, null), (SchemaChangeKind.ColumnAdded, "c")]);
    }

    [Fact]
    public async Task Refused_call_leaves_the_transaction_as_it_was()
    {
        await _db.SqlAsync("CREATE TABLE t(id bigint PRIMARY KEY, n bigint CHECK (n < 10))");
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target(), """{"id":1,"n":1}""", """{"id":2,"n":11,"extra":true}""", """{"id":3,"n":3,"more":"x"}""", """{"id":4,"n":12}""");
            var result = await Halving.WriteAsync(transaction, batch, default);
            (result.Counts.Inserted, result.Refused.Select(r => r.Row)).ShouldSatisfyAllConditions(
                r => r.Inserted.ShouldBe(2), r => r.Item2.ShouldBe([1, 3]));
            result.Refused[0].Reason.ShouldStartWith("the database refuses a record: new row for relation \"t\" violates check constraint \"t_n_check\" (Failing row contains (2, 11");
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await _db.SqlAsync("SELECT id, n, more FROM t ORDER BY id")).ShouldBe("1|1|NULL\n3|3|x");
        writer.SchemaChanges.Select(c => c.Column).ShouldBe(["more"]);
    }

    [Fact]
    public async Task Constraint_that_is_checked_at_the_end_finds_the_guilty_record_all_the_same()
    {
        await _db.SqlAsync("CREATE TABLE parent(id bigint PRIMARY KEY); INSERT INTO parent VALUES(1); CREATE TABLE t(id bigint PRIMARY KEY, p bigint REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target(), """{"id":1,"p":1}""", """{"id":2,"p":2}""", """{"id":3,"p":1}""");
            (await Halving.WriteAsync(transaction, batch, default)).Refused.Select(r => r.Row).ShouldBe([1]);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await _db.SqlAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM t")).ShouldBe("1,3");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(600)]
    public async Task Records_that_refer_to_each_other_are_taken_in_one_batch(int count)
    {
        await _db.SqlAsync("CREATE TABLE t(id bigint PRIMARY KEY, p bigint REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
        await using var writer = await _db.OpenAsync(Target());
        await using var transaction = await writer.BeginAsync(default);
        foreach (var start in new[] { 0, count })
        {
            using var batch = Batch(Target(), [.. Enumerable.Range(0, count).Select(i => $$"""{"id":{{start + i}},"p":{{start + ((i + 1) % count)}}}""")]);
            var result = await Halving.WriteAsync(transaction, batch, default);
            (result.Counts.Inserted, result.Refused.Count).ShouldBe((count, 0));
        }
        await transaction.CommitAsync(Checkpoint.None, default);
    }

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
    public async Task Constraint_that_breaks_at_commit_is_fatal_and_nothing_is_written()
    {
        await _db.SqlAsync(
            """
            CREATE TABLE t(id bigint PRIMARY KEY);
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no rows today' USING ERRCODE = '23514'; END $$;
            CREATE TABLE log(id bigint);
            CREATE CONSTRAINT TRIGGER later AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES(NEW.id); RETURN NEW; END $$;
            CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
            """);
        await using var writer = await _db.OpenAsync(Target());
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, Target(), """{"id":1}"""));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal, "a constraint that is checked at the end of a transaction does not allow what was written to 't': the database refuses a record: no rows today"));
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
        (await _db.SqlAsync("SELECT count(*) FROM t")).ShouldBe("0");
        await _db.SqlAsync("DROP TRIGGER noted ON t");
        (await WriteAsync(writer, Target(), """{"id":1}""")).Inserted.ShouldBe(1);
    }

    [Fact]
    public async Task Text_with_nul_is_a_failed_record_that_says_so()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Target(), """{"id":1,"name":"a"}""", """{"id":2,"name":"a\u0000b"}""", """{"id":3,"name":"c"}""");
        var result = await Halving.WriteAsync(transaction, batch, default);
        result.Refused.ShouldHaveSingleItem().Row.ShouldBe(1);
        result.Refused[0].Reason.ShouldContain("NUL (U+0000)");
        result.Counts.Inserted.ShouldBe(2);
    }

    [Fact]
    public async Task Queue_gives_items_in_order_and_forgets_those_that_are_done()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.EnqueueAsync("q", [.. Enumerable.Range(1, 600).Select(i => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{i}},"t":"\u0000é"}"""))], default);
            await transaction.EnqueueAsync("other", ["{}"u8.ToArray()], default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        var first = await writer.PeekAsync("q", 0, 500, default);
        first.Count.ShouldBe(500);
        System.Text.Encoding.UTF8.GetString(first[0].Json.Span).ShouldBe("""{"n":1,"t":"\u0000é"}""");
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.DequeueAsync("q", first[^1].Number, default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await writer.PeekAsync("q", 0, 500, default)).Count.ShouldBe(100);
        (await writer.PeekAsync("other", 0, 500, default)).Count.ShouldBe(1);
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
    public async Task View_in_the_place_of_a_table_is_fatal()
    {
        await _db.SqlAsync("CREATE VIEW t AS SELECT 1::bigint AS id");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target()));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal, "found a view 'public.t', expected a table: name another table, or drop the view"));
    }

    [Fact]
    public async Task Schema_of_the_table_is_made_and_ours_stays_where_it_is()
    {
        await _db.WriteAsync(Target("crm.people"), """{"id":1}""");
        (await _db.SqlAsync("SELECT id, (SELECT count(*) FROM public._tidemark_checkpoints) FROM crm.people")).ShouldBe("1|1");
    }
}
