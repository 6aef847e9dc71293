using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sharing;

/// <summary>What becomes of records, one by one.</summary>
public abstract class SharedWriteTests(Harness harness) : SharedTests(harness)
{
    [SkippableFact]
    public async Task Each_record_is_told_what_became_of_it()
    {
        Db.NeedsOutcomeOfEach();
        await using var writer = await OpenAsync(Target());
        (await OutcomesAsync(writer, Target(), Row(1, 1), Row(2, 2), Row(3, 3))).ShouldBe("iii");
        (await OutcomesAsync(writer, Target(), Row(3, 3), Row(4, 4), Row(2, -2), Row(1, 1), Row(4, 5))).ShouldBe("sdusi");
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=-2", "id=3 n=3", "id=4 n=5"]);
        writer.SchemaChanges.ShouldHaveSingleItem().Kind.ShouldBe(SchemaChangeKind.TableCreated);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(501)]
    [InlineData(10_000)]
    public async Task Outcomes_keep_the_order_of_records_whatever_their_number(int count)
    {
        Db.NeedsOutcomeOfEach();
        await using var writer = await OpenAsync(Target());
        // Keys run against the order of records.
        string[] Versions(Func<int, int> n) => [.. Enumerable.Range(0, count).Select(i => Row(count - i, n(i)))];
        (await OutcomesAsync(writer, Target(), Versions(i => i))).ShouldBe(new string('i', count));
        (await OutcomesAsync(writer, Target(), Versions(i => i % 3 == 0 ? -1 - i : i))).ShouldBe(string.Concat(Enumerable.Range(0, count).Select(i => i % 3 == 0 ? 'u' : 's')));
        (await OutcomesAsync(writer, Target(), [.. Versions(i => i % 3 == 0 ? -1 - i : i), Row(0, 7)])).ShouldBe(new string('s', count) + "i");
        (await RowsAsync()).Length.ShouldBe(count + 1);
    }

    [SkippableFact]
    public async Task Older_records_are_held_back_and_told_so()
    {
        var target = Target(cursor: "v");
        await using var writer = await OpenAsync(target);
        (await OutcomesAsync(writer, target, """{"id":1,"v":5,"n":"five"}""", """{"id":2,"v":1}""")).ShouldBe("ii");
        (await OutcomesAsync(writer, target, """{"id":1,"v":4,"n":"four"}""", """{"id":2,"v":2}""")).ShouldBe("ou");
        (await OutcomesAsync(writer, target, """{"id":3,"v":9,"a":1}""", """{"id":3,"v":8,"a":2}""")).ShouldBe("id");
        (await RowsAsync()).ShouldBe(["a=1 id=3 v=9", "id=1 n=five v=5", "id=2 v=2"]);
    }

    [SkippableFact]
    public async Task Several_tables_are_one_transaction()
    {
        var (a, b) = (Target("a"), Target("b", "k"));
        await using var writer = await OpenAsync(a, b);
        var written = await WriteAsync(writer, Part(1, b.Schema, """{"k":"x"}""", """{"k":"y"}"""), Part(0, a.Schema, Row(1, 1)));
        written.Select(Letters).ShouldBe(["ii", "i"]);
        await using (var transaction = await writer.BeginAsync(SharedLook.Nothing, default))
        {
            await transaction.WriteAsync([Part(0, a.Schema, Row(2, 2)), Part(1, b.Schema, """{"k":"z"}""")], default);
        }
        Db.NeedsTransactions();
        (await RowsAsync("a")).ShouldBe(["id=1 n=1"]);
        (await RowsAsync("b")).ShouldBe(["k=x", "k=y"]);
    }

    [SkippableFact]
    public async Task Parts_without_records_are_nothing()
    {
        var (a, b) = (Target("a"), Target("b"));
        await using var writer = await OpenAsync(a, b);
        (await WriteAsync(writer, Part(0, a.Schema), Part(1, b.Schema, Row(1, 1)))).Select(Letters).ShouldBe(["", "i"]);
        (await WriteAsync(writer, Part(0, a.Schema), Part(1, b.Schema))).Select(Letters).ShouldBe(["", ""]);
        (await RowsAsync("a")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Without_a_key_each_record_is_a_new_row()
    {
        var target = Target(key: null);
        await using var writer = await OpenAsync(target);
        (await OutcomesAsync(writer, target, Row(1, 1), Row(1, 1), Row(1, 2))).ShouldBe("iii");
        (await OutcomesAsync(writer, target, Row(1, 1), "{}")).ShouldBe("ii");
        (await OutcomesAsync(writer, target, "{}", "{}")).ShouldBe("ii");
        (await RowsAsync()).Length.ShouldBe(7);
    }

    [SkippableFact]
    public async Task Row_ids_are_those_of_the_rows_where_the_database_has_them()
    {
        var target = Target();
        await using var writer = await Db.Destination.OpenSharedAsync([target], new SharedOptions { WithRowIds = true }, default);
        var first = await WriteAsync(writer, target, Row(7, 1), Row(8, 1));
        var second = await WriteAsync(writer, target, Row(8, 1), Row(7, 2), Row(9, 1), Row(9, 2));
        long?[] expected = Db.HasRowIds ? [1, 2, 2, 1, 3, 3] : [null, null, null, null, null, null];
        first.Concat(second).Select(w => w.RowId).ShouldBe(expected);
    }

    [SkippableFact]
    public async Task Absent_fields_keep_what_is_stored_and_null_clears_it()
    {
        await using var writer = await OpenAsync(Target());
        await OutcomesAsync(writer, Target(), """{"id":1,"a":"x","b":"y"}""", """{"id":2,"a":"x","b":"y"}""");
        (await OutcomesAsync(writer, Target(), """{"id":1,"b":null}""", """{"id":2}""", """{"id":3,"c":true}""")).ShouldBe("usi");
        (await RowsAsync()).ShouldBe(["a=x b=y id=2", "a=x id=1", "c=true id=3"]);
    }

    [SkippableFact]
    public async Task Refused_record_leaves_the_transaction_as_it_was()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK (n < 10))");
        await using var writer = await OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(SharedLook.Nothing, default))
        {
            await transaction.WriteAsync([Part(0, Target().Schema, Row(1, 1))], default);
            (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync([Part(0, Target().Schema, Row(2, 2), Row(3, 30))], default))).Fault.ShouldBe(DestinationFault.Record);
            Letters((await transaction.WriteAsync([Part(0, Target().Schema, Row(4, 4), Row(1, 5))], default))[0]).ShouldBe("iu");
            await transaction.CommitAsync([], default);
        }
        (await RowsAsync()).ShouldBe(["id=1 n=5", "id=4 n=4"]);
    }

    [SkippableFact]
    public async Task Frozen_table_refuses_a_record_with_a_new_field_and_takes_the_others()
    {
        var target = Target() with { SchemaContract = SchemaContract.Freeze };
        await using var writer = await OpenAsync(target);
        await OutcomesAsync(writer, target, Row(1, 1));
        var part = Part(0, target.Schema, Row(2, 2), """{"id":3,"new":1}""");
        await writer.PrepareAsync([part], default);
        await using (var transaction = await writer.BeginAsync(SharedLook.Nothing, default))
        {
            (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync([part], default))).Fault.ShouldBe(DestinationFault.Guard);
            Letters((await transaction.WriteAsync([part with { Count = 1 }], default))[0]).ShouldBe("i");
            await transaction.CommitAsync([], default);
        }
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=2"]);
    }

    [SkippableFact]
    public async Task Tables_get_new_columns_and_wider_types_and_other_writers_see_it()
    {
        await using var one = await OpenAsync(Target());
        await using var two = await OpenAsync(Target());
        (await OutcomesAsync(one, Target(), Row(1, 1))).ShouldBe("i");
        (await OutcomesAsync(two, Target(), """{"id":2,"n":1,"extra":"x"}""")).ShouldBe("i");
        (await OutcomesAsync(one, Target(), """{"id":1,"extra":"y"}""", """{"id":3,"n":"text"}""")).ShouldBe("ui");
        // Where a field has no type, the text "1" is another value than the number.
        (await OutcomesAsync(two, Target(), Db.SpeaksSql ? """{"id":2,"n":"1","extra":"x"}""" : """{"id":2,"n":1,"extra":"x"}""", """{"id":3,"n":"text"}""")).ShouldBe("ss");
        (await RowsAsync()).ShouldBe(["extra=x id=2 n=1", "extra=y id=1 n=1", "id=3 n=text"]);
    }

    [SkippableFact]
    public async Task Table_that_somebody_alters_or_drops_is_written_as_it_is_then()
    {
        Db.NeedsSql();
        await using var writer = await OpenAsync(Target());
        await OutcomesAsync(writer, Target(), """{"id":1,"a":1,"b":2}""");
        await Db.ExecuteAsync("ALTER TABLE t DROP COLUMN a");
        (await OutcomesAsync(writer, Target(), """{"id":1,"b":2}""", """{"id":2,"a":1}""")).ShouldBe("si");
        (await RowsAsync()).ShouldBe(["a=1 id=2", "b=2 id=1"]);
        await Db.ExecuteAsync("DROP TABLE t");
        (await OutcomesAsync(writer, Target(), """{"id":1,"c":3}""")).ShouldBe("i");
        (await RowsAsync()).ShouldBe(["c=3 id=1"]);
    }

    [SkippableFact]
    public async Task Fields_are_those_of_the_table_when_it_was_opened()
    {
        await using (var first = await OpenAsync(Target()))
        {
            first.FieldsOf(0).ShouldBeEmpty();
            await OutcomesAsync(first, Target(), Row(1, 1));
        }
        await using var second = await OpenAsync(Target("other"), Target());
        second.FieldsOf(0).ShouldBeEmpty();
        second.FieldsOf(1).ShouldBe(["id", "n"], ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Targets_that_only_a_run_can_write_are_refused()
    {
        async Task RefusedAsync(params StreamTarget[] targets) => (await Should.ThrowAsync<DestinationException>(() => OpenAsync(targets))).Fault.ShouldBe(DestinationFault.Fatal);
        await RefusedAsync(Target() with { Disposition = WriteDisposition.Replace });
        await RefusedAsync(Target() with { Deletions = Deletions.Remove });
        await RefusedAsync(Target() with { Schema = new BatchSchema() });
        await RefusedAsync(Target(), Target());
        await RefusedAsync(Target("_tidemark_checkpoints"));
        await using var writer = await OpenAsync(Target());
        // A document store needs its unique index before the first record.
        if (Db.SpeaksSql) (await Db.TablesAsync("t")).ShouldBeEmpty();
    }

    public sealed class OnSqlite() : SharedWriteTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SharedWriteTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SharedWriteTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : SharedWriteTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SharedWriteTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
