using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sharing;

/// <summary>What a transaction sees before it writes: keys, references, the position of an inbox.</summary>
public abstract class SharedLookTests(Harness harness) : SharedTests(harness)
{
    [SkippableFact]
    public async Task Key_is_new_until_its_answer_is_committed_and_then_done()
    {
        await using var writer = await OpenAsync(Target());
        await using (var abandoned = await BeginAsync(writer, Key("a")))
        {
            abandoned.Keys.ShouldHaveSingleItem().Status.ShouldBe(KeyStatus.New);
        }
        await AnswerAsync(writer, Key("a"), """{"first":true}""");
        await using (var again = await BeginAsync(writer, Key("b"), Key("a"), Key("a ", 2), Key("a", 1, part: 1)))
        {
            again.Keys.Select(k => k.Status).ShouldBe([KeyStatus.New, KeyStatus.Done, KeyStatus.New, KeyStatus.New]);
            Text(again.Keys[1].Answer).ShouldBe("""{"first":true}""");
        }
        await using var other = await BeginAsync(writer, Key("a", payload: 2));
        other.Keys.ShouldHaveSingleItem().Status.ShouldBe(KeyStatus.OtherPayload);
    }

    [SkippableFact]
    public async Task New_key_without_an_answer_stays_new()
    {
        await using var writer = await OpenAsync(Target());
        await using (var transaction = await BeginAsync(writer, Key("a"), Key("b")))
        {
            await transaction.CommitAsync([new StoredAnswer(Key("b"), "{}"u8.ToArray())], default);
        }
        await using var again = await BeginAsync(writer, Key("a"), Key("b"));
        again.Keys.Select(k => k.Status).ShouldBe([KeyStatus.New, KeyStatus.Done]);
    }

    [SkippableFact]
    public async Task Answer_goes_with_the_rows_that_it_tells_of()
    {
        await using var writer = await OpenAsync(Target());
        await using (var transaction = await BeginAsync(writer, Key("a")))
        {
            await transaction.WriteAsync([Part(0, Target().Schema, Row(1, 1))], default);
        }
        if (Db.IsTransactional) (await RowsAsync()).ShouldBeEmpty();
        await AnswerAsync(writer, Key("a"), "ü", Row(1, 1));
        (await RowsAsync()).ShouldBe(["id=1 n=1"]);
        await using var again = await BeginAsync(writer, Key("a"));
        Text(again.Keys[0].Answer).ShouldBe("ü");
    }

    [SkippableFact]
    public async Task Answer_is_kept_for_a_day_and_then_as_if_it_had_never_been()
    {
        Db.NeedsSql();
        await using var writer = await OpenAsync(Target());
        await AnswerAsync(writer, Key("old"), "1");
        await AnswerAsync(writer, Key("fresh"), "2");
        var left = await Db.ScalarAsync(Db.SecondsLeftSql("_tidemark_idempotency", "expires_at", "key = 'old'"));
        double.Parse(left!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(86_000, 86_401);
        await Db.ExpireAnswerAsync("old");
        await using (var transaction = await BeginAsync(writer, Key("old", payload: 9), Key("fresh")))
        {
            transaction.Keys.Select(k => k.Status).ShouldBe([KeyStatus.New, KeyStatus.Done]);
        }
        await AnswerAsync(writer, Key("old", payload: 9), "3");
        await using (var transaction = await BeginAsync(writer, Key("old", payload: 9)))
        {
            Text(transaction.Keys[0].Answer).ShouldBe("3");
        }
        (await writer.PurgeAnswersAsync(default)).ShouldBe(0);
        await Db.ExpireAnswerAsync("fresh");
        (await writer.PurgeAnswersAsync(default)).ShouldBe(1);
        (await Db.ScalarAsync("SELECT count(*) FROM _tidemark_idempotency")).ShouldBe("1");
    }

    [SkippableFact]
    public async Task Key_that_another_transaction_works_on_is_in_flight()
    {
        // SQLite lets one write at a time: who comes second waits, and finds the answer.
        Db.NeedsWritersAtOnce();
        await using var one = await OpenAsync(Target());
        await using var two = await OpenAsync(Target());
        await using (var first = await BeginAsync(one, Key("a")))
        {
            await using (var second = await BeginAsync(two, Key("b"), Key("a", payload: 2)))
            {
                second.Keys.Select(k => k.Status).ShouldBe([KeyStatus.New, KeyStatus.InFlight]);
            }
            await first.CommitAsync([new StoredAnswer(Key("a"), "1"u8.ToArray())], default);
        }
        await using var third = await BeginAsync(two, Key("a"));
        third.Keys.ShouldHaveSingleItem().Status.ShouldBe(KeyStatus.Done);
    }

    [SkippableFact]
    public async Task Hundreds_of_keys_are_one_look()
    {
        await using var writer = await OpenAsync(Target());
        var keys = Enumerable.Range(0, 500).Select(i => Key($"key {i}")).ToArray();
        await using (var transaction = await BeginAsync(writer, keys))
        {
            await transaction.CommitAsync([.. keys.Where((_, i) => i % 2 == 0).Select(k => new StoredAnswer(k, new byte[] { (byte)'1' }))], default);
        }
        await using var again = await BeginAsync(writer, keys);
        again.Keys.Select(k => k.Status).ShouldBe(keys.Select((_, i) => i % 2 == 0 ? KeyStatus.Done : KeyStatus.New));
    }

    [SkippableFact]
    public async Task References_tell_which_rows_are_there()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("CREATE TABLE users(id BIGINT PRIMARY KEY, role TEXT, store TEXT)");
        await Db.ExecuteAsync("INSERT INTO users VALUES(1, 'seller', 'x'), (2, 'seller', 'y'), (3, 'manager', 'x'), (4, NULL, 'x')");
        await using var writer = await OpenAsync(Target());
        (await FoundAsync(writer, new ReferenceQuery("users", ["id"], [[Number("1")], [Number("5")], [Of("2")], [Of("abc")], [Number("1.5")], [Of("99999999999999999999")]])))
            .ShouldBe([true, false, true, false, false, false]);
        (await FoundAsync(writer, new ReferenceQuery("users", ["id", "role", "store"], [
            [Number("1"), Of("seller"), Of("x")], [Number("2"), Of("seller"), Of("x")], [Number("3"), Of("seller"), Of("x")], [Number("4"), Of("seller"), Of("x")]])))
            .ShouldBe([true, false, false, false]);
    }

    [SkippableFact]
    public async Task References_are_found_in_columns_of_many_types()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("CREATE TABLE \"odd table\"(\"the id\" VARCHAR(50), n INTEGER, small SMALLINT, d DOUBLE PRECISION, ok BOOLEAN, c CHAR(5))");
        await Db.ExecuteAsync("INSERT INTO \"odd table\" VALUES('it''s \"1\"', 7, 8, 1.5, TRUE, 'abcde')");
        await using var writer = await OpenAsync(Target());
        async Task<bool> IsThereAsync(string column, ScalarValue value) => (await FoundAsync(writer, new ReferenceQuery("odd table", [column], [[value]])))[0];
        (await IsThereAsync("the id", Of("it's \"1\""))).ShouldBeTrue();
        (await IsThereAsync("the id", Of("it's \"1"))).ShouldBeFalse();
        (await IsThereAsync("n", Of("7"))).ShouldBeTrue();
        (await IsThereAsync("n", Number("8"))).ShouldBeFalse();
        (await IsThereAsync("small", Number("8"))).ShouldBeTrue();
        (await IsThereAsync("small", Number("70000"))).ShouldBeFalse();
        (await IsThereAsync("d", Number("1.50"))).ShouldBeTrue();
        (await IsThereAsync("d", Number("1e400"))).ShouldBeFalse();
        (await IsThereAsync("ok", new ScalarValue(ScalarKind.Boolean, "true"))).ShouldBeTrue();
        (await IsThereAsync("ok", new ScalarValue(ScalarKind.Boolean, "false"))).ShouldBeFalse();
        (await IsThereAsync("c", Of("abcde"))).ShouldBeTrue();
        (await IsThereAsync("the id", Of("nul\0"))).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Reference_to_what_is_not_there_says_so()
    {
        Db.NeedsSql();
        await using var writer = await OpenAsync(Target());
        var noTable = await Should.ThrowAsync<DestinationException>(() => FoundAsync(writer, new ReferenceQuery("stores", ["id"], [[Of("1")]])));
        (noTable.Fault, noTable.Message).ShouldBe((DestinationFault.Fatal, noTable.Message));
        noTable.Message.ShouldContain("stores");
        await Db.ExecuteAsync("CREATE TABLE stores(id TEXT)");
        var noColumn = await Should.ThrowAsync<DestinationException>(() => FoundAsync(writer, new ReferenceQuery("stores", ["id", "nosuch"], [[Of("1"), Of("2")]])));
        noColumn.Fault.ShouldBe(DestinationFault.Fatal);
        noColumn.Message.ShouldContain("nosuch");
        (await FoundAsync(writer, new ReferenceQuery("stores", ["id"], [[Of("1")]]))).ShouldBe([false]);
    }

    [SkippableFact]
    public async Task Referenced_table_may_be_altered_while_it_is_used()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("CREATE TABLE stores(id BIGINT)");
        await Db.ExecuteAsync("INSERT INTO stores VALUES(1)");
        await using var writer = await OpenAsync(Target());
        var query = new ReferenceQuery("stores", ["id"], [[Of("1")], [Of("x")]]);
        (await FoundAsync(writer, query)).ShouldBe([true, false]);
        await Db.ExecuteAsync("DROP TABLE stores");
        (await Should.ThrowAsync<DestinationException>(() => FoundAsync(writer, query))).Fault.ShouldBe(DestinationFault.Fatal);
        await Db.ExecuteAsync("CREATE TABLE stores(id TEXT)");
        await Db.ExecuteAsync("INSERT INTO stores VALUES('x')");
        (await FoundAsync(writer, query)).ShouldBe([false, true]);
    }

    [SkippableFact]
    public async Task Position_moves_with_the_commit_and_only_from_where_it_stands()
    {
        await using var one = await OpenAsync(Target());
        await using var two = await OpenAsync(Target());
        (await one.ReadPositionAsync("p", "s", default)).ShouldBe(0);
        (await Should.ThrowAsync<DestinationException>(() => MoveAsync(one, 3, 4))).Fault.ShouldBe(DestinationFault.LeaseLost);
        await MoveAsync(one, 0, 5);
        await MoveAsync(two, 5, 6);
        (await Should.ThrowAsync<DestinationException>(() => MoveAsync(one, 5, 6))).Fault.ShouldBe(DestinationFault.LeaseLost);
        (await Should.ThrowAsync<DestinationException>(() => MoveAsync(one, 0, 1))).Fault.ShouldBe(DestinationFault.LeaseLost);
        await using (await one.BeginAsync(new SharedLook { Position = new SharedPosition("p", "s", 6, 7) }, default))
        {
            // Abandoned.
        }
        (await two.ReadPositionAsync("p", "s", default)).ShouldBe(6);
        (await two.ReadPositionAsync("p", "other", default)).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Token_tells_whether_a_transaction_was_committed()
    {
        await using var writer = await OpenAsync(Target());
        string committed, abandoned;
        await using (var transaction = await writer.BeginAsync(SharedLook.Nothing, default))
        {
            abandoned = transaction.Token;
            await transaction.WriteAsync([Part(0, Target().Schema, Row(1, 1))], default);
        }
        await using (var transaction = await writer.BeginAsync(SharedLook.Nothing, default))
        {
            committed = transaction.Token;
            await transaction.WriteAsync([Part(0, Target().Schema, Row(1, 1))], default);
            await transaction.CommitAsync([], default);
        }
        (await writer.WasCommittedAsync(abandoned, default)).ShouldBeFalse();
        (await writer.WasCommittedAsync(committed, default)).ShouldBeTrue();
    }

    private static ScalarValue Of(string text) => ScalarValue.Of(text);

    private static ScalarValue Number(string text) => new(ScalarKind.Number, text);

    private static Task<ISharedTransaction> BeginAsync(ISharedWriter writer, params IdempotencyKey[] keys) => writer.BeginAsync(new SharedLook { Keys = keys }, default);

    private static async Task AnswerAsync(ISharedWriter writer, IdempotencyKey key, string answer, params string[] records)
    {
        await using var transaction = await BeginAsync(writer, key);
        await transaction.WriteAsync([Part(0, Target().Schema, records)], default);
        await transaction.CommitAsync([new StoredAnswer(key, System.Text.Encoding.UTF8.GetBytes(answer))], default);
    }

    private static async Task<IReadOnlyList<bool>> FoundAsync(ISharedWriter writer, ReferenceQuery query)
    {
        await using var transaction = await writer.BeginAsync(new SharedLook { References = [query] }, default);
        return transaction.References.ShouldHaveSingleItem();
    }

    private static async Task MoveAsync(ISharedWriter writer, long from, long to)
    {
        await using var transaction = await writer.BeginAsync(new SharedLook { Position = new SharedPosition("p", "s", from, to) }, default);
        await transaction.CommitAsync([], default);
    }

    public sealed class OnSqlite() : SharedLookTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SharedLookTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SharedLookTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : SharedLookTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SharedLookTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
