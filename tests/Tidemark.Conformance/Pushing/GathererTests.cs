using System.Globalization;
using System.Text;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using Tidemark.Tests.Support;
using Tidemark.Validation;

namespace Tidemark.Conformance.Pushing;

/// <summary>Posts, gathered, on a real database.</summary>
public abstract class GathererTests(Harness harness) : IAsyncLifetime
{
    private readonly ManualTime _time = new();

    private static PushTarget Simple { get; } = new() { PipelineName = "p", Name = "s", Routes = [new PushRoute(Table("t", "id"))] };

    /// <summary>As five-systems.md describes it.</summary>
    private static PushTarget Kpi { get; } = new()
    {
        PipelineName = "p",
        Name = "kpi",
        Routes = [new PushRoute(Table("kpi_entries", "seller_id", "date", "source"), "seller_id"), new PushRoute(Table("manager_kpis", "manager_id", "date", "source"), "manager_id")],
        Copy = ["store_id", "date", "source"],
        References =
        [
            new ReferenceRule { Value = "store_id", Table = "stores", Match = "id", Message = "Store {store_id} not found", Scope = ReferenceScope.Request },
            User("seller_id", "seller", "Seller {seller_id} not found in store {store_id}"),
            User("manager_id", "manager", null),
        ],
    };

    private GatedDestination Gated => field ??= new GatedDestination(harness.Destination);

    public Task InitializeAsync() => harness.InitializeAsync();

    public Task DisposeAsync() => harness.DisposeAsync();

    [SkippableFact]
    public async Task Post_is_answered_for_each_of_its_records()
    {
        await MakeStoreAsync();
        await using var gatherer = Open(Kpi);
        var first = await gatherer.WriteAsync(KpiPost([Seller(1), Seller(2), Manager(10)]), default);
        (first.Status, first.Inserted, first.Received).ShouldBe((PostStatus.Written, 3, 3));
        var answer = await gatherer.WriteAsync(
            KpiPost([
                Seller(1, ca: 5), Seller(2), Seller(3), """{"seller_id":"abc-123","ca":1}""", """{"ca":1}""", """{"seller_id":{"$ne":null}}""", "[1]", """{"seller_id":"u4","ca":""",
                Manager(20), """{"manager_id":"u1","ca":1}""", Seller(3, ca: 9), """{"seller_id":"u9","manager_id":null,"ca":"\ud800"}"""]),
            default);
        answer.Status.ShouldBe(PostStatus.Written);
        (answer.Received, answer.Inserted, answer.Updated, answer.Unchanged, answer.Duplicates).ShouldBe((12, 2, 1, 1, 1));
        answer.Rejected.Select(r => $"{r.Index} {r.Code} {r.Key}").ShouldBe([
            "3 unknown_reference abc-123,2026-01-02,n8n", "4 no_table ", "5 not_a_scalar ", "6 invalid_record ", "7 invalid_record ", "9 unknown_reference u1,2026-01-02,n8n", "11 invalid_record u9,2026-01-02,n8n"]);
        answer.Rejected[0].Message.ShouldBe("Seller abc-123 not found in store xyz-456");
        answer.Rejected[1].Message.ShouldContain("'seller_id', 'manager_id'");
        answer.Rejected[2].Message.ShouldStartWith("found an object in 'seller_id'");
        (await RowsAsync("kpi_entries")).ShouldBe([
            "ca=2 date=2026-01-02 seller_id=u2 source=n8n store_id=xyz-456", "ca=5 date=2026-01-02 seller_id=u1 source=n8n store_id=xyz-456", "ca=9 date=2026-01-02 seller_id=u3 source=n8n store_id=xyz-456"]);
        (await RowsAsync("manager_kpis")).Length.ShouldBe(2);
    }

    [SkippableTheory]
    [InlineData("""{"store_id":"nowhere","date":"2026-01-02","source":"n8n"}""", "Store nowhere not found")]
    [InlineData("""{"store_id":{"$ne":null},"date":"2026-01-02"}""", "found an object in 'store_id' of the request")]
    [InlineData("""{"date":"2026-01-02"}""", "found nothing in 'store_id' of the request")]
    [InlineData("""[1]""", "the request is no JSON object")]
    public async Task Request_that_is_at_fault_is_refused_as_a_whole(string request, string problem)
    {
        await MakeStoreAsync();
        await using var gatherer = Open(Kpi);
        var answer = await gatherer.WriteAsync(Post([Seller(1)], request), default);
        (answer.Status, answer.Received, answer.Inserted).ShouldBe((PostStatus.Refused, 1, 0));
        answer.Problem.ShouldStartWith(problem);
        (await RowsAsync("kpi_entries")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Records_that_the_database_or_a_rule_refuses_stand_alone()
    {
        harness.NeedsSql();
        await harness.ExecuteAsync("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK (n < 1000))");
        await using var gatherer = Open(Simple with { Rules = [new ValidationRule(JsonPath.Parse("n"), new RequiredRule())] });
        var answer = await gatherer.WriteAsync(Post([.. Enumerable.Range(0, 300).Select(i => Row(i, i == 7 || i == 200 ? 5000 : i)), """{"id":900}"""]), default);
        (answer.Received, answer.Inserted).ShouldBe((301, 298));
        answer.Rejected.Select(r => $"{r.Index} {r.Code} {r.Key}").ShouldBe(["7 refused_by_database 7", "200 refused_by_database 200", "300 rule_broken 900"]);
        (await RowsAsync("t")).Length.ShouldBe(298);
    }

    [SkippableFact]
    public async Task Posts_that_wait_are_written_together_and_answered_each_for_itself()
    {
        await using var gatherer = Open(Simple);
        Gated.Close();
        var first = gatherer.WriteAsync(Post([Row(0, 0)]), default);
        await Gated.UntilHeldAsync();
        var others = Enumerable.Range(1, 100).Select(i => gatherer.WriteAsync(Post([Row(i, i), .. i % 10 == 0 ? ["x"] : Array.Empty<string>()]), default)).ToArray();
        gatherer.Waiting.ShouldBe(101);
        Gated.Open();
        (await first).Inserted.ShouldBe(1);
        var answers = await Task.WhenAll(others);
        answers.ShouldAllBe(a => a.Status == PostStatus.Written && a.Inserted == 1);
        answers.Select(a => a.Rejected.Count).ShouldBe(Enumerable.Range(1, 100).Select(i => i % 10 == 0 ? 1 : 0));
        gatherer.Statistics.ShouldBe(new GathererStatistics(101, 111, 2, 0, 0));
        (await RowsAsync("t")).Length.ShouldBe(101);
    }

    [SkippableFact]
    public async Task Post_that_finds_no_room_is_told_at_once()
    {
        await using var gatherer = Open(Simple, new GathererOptions { MaxWaitingRecords = 10 });
        Gated.Close();
        var first = gatherer.WriteAsync(Post(Rows(1, 50)), default);
        await Gated.UntilHeldAsync();
        var second = gatherer.WriteAsync(Post(Rows(51, 10)), default);
        var third = await gatherer.WriteAsync(Post(Rows(100, 1)), default);
        (third.Status, third.RetryAfter, third.Received).ShouldBe((PostStatus.Full, TimeSpan.FromSeconds(5), 1));
        Gated.Open();
        (await first).Inserted.ShouldBe(50);
        (await second).Inserted.ShouldBe(10);
        (await gatherer.WriteAsync(Post(Rows(100, 1)), default)).Inserted.ShouldBe(1);
        gatherer.Statistics.Full.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Repeated_key_gets_the_stored_answer_and_another_payload_is_refused()
    {
        await using var gatherer = Open(Simple);
        var first = await gatherer.WriteAsync(Keyed("a", 1, Row(1, 1), "x"), default);
        (first.Inserted, first.Rejected.Count).ShouldBe((1, 1));
        await gatherer.WriteAsync(Post([Row(1, 99)]), default);
        var again = await gatherer.WriteAsync(Keyed("a", 1, Row(1, 1), "x"), default);
        (again.Status, Encoding.UTF8.GetString(again.Stored.Span)).ShouldBe((PostStatus.Replayed, "1 of 2"));
        var other = await gatherer.WriteAsync(Keyed("a", 2, Row(1, 2)), default);
        other.Status.ShouldBe(PostStatus.KeyReused);
        (await RowsAsync("t")).ShouldBe(["id=1 n=99"]);
        // In company, too.
        Gated.Close();
        var held = gatherer.WriteAsync(Post([Row(5, 5)]), default);
        await Gated.UntilHeldAsync();
        var tasks = new[] { Keyed("a", 1, Row(1, 1), "x"), Keyed("b", 1, Row(2, 2)), Keyed("a", 1, Row(1, 1), "x"), Post([Row(3, 3)]) }.Select(p => gatherer.WriteAsync(p, default)).ToArray();
        Gated.Open();
        (await Task.WhenAll(tasks)).Select(a => a.Status).ShouldBe([PostStatus.Replayed, PostStatus.Written, PostStatus.InFlight, PostStatus.Written]);
        await held;
        (await RowsAsync("t")).ShouldBe(["id=1 n=99", "id=2 n=2", "id=3 n=3", "id=5 n=5"]);
    }

    [SkippableFact]
    public async Task Refused_request_keeps_nothing_under_its_key()
    {
        await MakeStoreAsync();
        await using var gatherer = Open(Kpi);
        var key = new IdempotencyKey("p/kpi", "a", new byte[32]);
        Post Repeat() => Post([Seller(1)], """{"store_id":"new","date":"2026-01-02","source":"n8n"}""", key);
        (await gatherer.WriteAsync(Repeat(), default)).Status.ShouldBe(PostStatus.Refused);
        await WriteAsync("stores", """{"id":"new"}""");
        (await gatherer.WriteAsync(Repeat(), default)).Status.ShouldBe(PostStatus.Written);
        (await gatherer.WriteAsync(Repeat(), default)).Status.ShouldBe(PostStatus.Replayed);
    }

    [SkippableFact]
    public async Task Temporary_errors_are_met_with_three_attempts_in_all()
    {
        await using var gatherer = Open(Simple);
        Gated.FailWith(DestinationFault.Temporary, DestinationFault.Temporary);
        var written = gatherer.WriteAsync(Post([Row(1, 1)]), default);
        await _time.DriveAsync(written);
        (await written).Inserted.ShouldBe(1);
        gatherer.Statistics.Retries.ShouldBe(2);
        Gated.FailWith(DestinationFault.Temporary, DestinationFault.Temporary, DestinationFault.Temporary);
        var failed = gatherer.WriteAsync(Post([Row(2, 2)]), default);
        await _time.DriveAsync(failed);
        ((await failed).Status, (await failed).RetryAfter).ShouldBe((PostStatus.Unavailable, TimeSpan.FromSeconds(5)));
        (await gatherer.WriteAsync(Post([Row(3, 3)]), default)).Inserted.ShouldBe(1);
        (await RowsAsync("t")).ShouldBe(["id=1 n=1", "id=3 n=3"]);
    }

    [SkippableFact]
    public async Task Lost_answer_to_commit_is_no_second_write()
    {
        harness.NeedsWritersAtOnce();
        var append = Simple with { Routes = [new PushRoute(Table("t") with { Disposition = WriteDisposition.Append })] };
        await using var gatherer = Open(append);
        Gated.LoseCommits(2);
        var write = gatherer.WriteAsync(Post([Row(1, 1), Row(2, 2)]), default);
        await _time.DriveAsync(write);
        (await write).Inserted.ShouldBe(2);
        Gated.Begun.ShouldBe(1);
        (await RowsAsync("t")).Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Error_of_one_is_not_the_error_of_its_company()
    {
        await using var gatherer = Open(Simple);
        Gated.Close();
        var first = gatherer.WriteAsync(Post([Row(1, 1)]), default);
        await Gated.UntilHeldAsync();
        var others = Enumerable.Range(2, 3).Select(i => gatherer.WriteAsync(Post([Row(i, i)]), default)).ToArray();
        // Whoever stands before the gate fails.
        Gated.FailWith(DestinationFault.Fatal);
        Gated.Open();
        (await first).Status.ShouldBe(PostStatus.Failed);
        (await Task.WhenAll(others)).ShouldAllBe(a => a.Inserted == 1);
        (await RowsAsync("t")).Length.ShouldBe(3);
    }

    [SkippableFact]
    public async Task Reference_table_that_is_missing_is_told()
    {
        await using var gatherer = Open(Kpi);
        var answer = await gatherer.WriteAsync(KpiPost([Seller(1)]), default);
        answer.Status.ShouldBe(PostStatus.NotReady);
        answer.Problem!.ShouldContain("stores");
        await MakeStoreAsync();
        (await gatherer.WriteAsync(KpiPost([Seller(1)]), default)).Status.ShouldBe(PostStatus.Written);
    }

    [SkippableFact]
    public async Task Position_moves_with_its_post_alone()
    {
        await using var gatherer = Open(Simple);
        Gated.Close();
        var held = gatherer.WriteAsync(Post([Row(0, 0)]), default);
        await Gated.UntilHeldAsync();
        var tasks = new[] { Positioned(0, 1, Row(1, 1)), Post([Row(2, 2)]), Positioned(1, 2, "broken"), Positioned(1, 2, Row(3, 3)) }.Select(p => gatherer.WriteAsync(p, default)).ToArray();
        Gated.Open();
        (await Task.WhenAll(tasks)).Select(a => a.Status).ShouldBe([PostStatus.Written, PostStatus.Written, PostStatus.Written, PostStatus.Moved]);
        await held;
        Gated.Begun.ShouldBe(4, "what moves a position is a transaction of its own, and the last one did not begin");
        await using var writer = await harness.Destination.OpenSharedAsync([Table("t", "id")], new SharedOptions(), default);
        (await writer.ReadPositionAsync("p", "s", default)).ShouldBe(2);
        (await RowsAsync("t")).ShouldBe(["id=0 n=0", "id=1 n=1", "id=2 n=2"]);
    }

    [SkippableFact]
    public async Task Dispose_writes_what_waits_and_takes_no_more()
    {
        var gatherer = Open(Simple);
        Gated.Close();
        var first = gatherer.WriteAsync(Post([Row(1, 1)]), default);
        await Gated.UntilHeldAsync();
        var second = gatherer.WriteAsync(Post([Row(2, 2)]), default);
        var disposing = gatherer.DisposeAsync();
        (await gatherer.WriteAsync(Post([Row(3, 3)]), default)).Status.ShouldBe(PostStatus.Unavailable);
        Gated.Open();
        await disposing;
        ((await first).Inserted, (await second).Inserted).ShouldBe((1, 1));
        (await RowsAsync("t")).Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Post_whose_caller_went_away_is_written_only_if_it_was_under_way()
    {
        await using var gatherer = Open(Simple);
        using var gone = new CancellationTokenSource();
        Gated.Close();
        var first = gatherer.WriteAsync(Post([Row(1, 1)]), gone.Token);
        await Gated.UntilHeldAsync();
        var second = gatherer.WriteAsync(Keyed("a", 1, Row(2, 2)), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        Gated.Open();
        (await gatherer.WriteAsync(Keyed("a", 1, Row(3, 3)), default)).Status.ShouldBe(PostStatus.Written);
        (await RowsAsync("t")).ShouldBe(["id=1 n=1", "id=3 n=3"]);
    }

    private static StreamTarget Table(string table, params string[] key) =>
        new() { PipelineName = "p", Stream = table, Table = table, Schema = new BatchSchema { PrimaryKey = key } };

    private static ReferenceRule User(string field, string role, string? message) => new()
    {
        Value = field,
        Table = "users",
        Match = "id",
        Where = [new ReferenceFilter { Column = "role", Constant = ScalarValue.Of(role) }, new ReferenceFilter { Column = "store_id", RequestField = "store_id" }],
        Message = message,
    };

    private static Post Post(IReadOnlyList<string> records, string request = "", IdempotencyKey? key = null, SharedPosition? position = null)
    {
        var bytes = new PooledBuffer();
        var slices = new List<RecordSlice>();
        foreach (var record in records)
        {
            var start = bytes.Length;
            bytes.Write(Encoding.UTF8.GetBytes(record));
            slices.Add(new RecordSlice(start, bytes.Length - start));
        }
        return new Post(bytes, slices)
        {
            Request = Encoding.UTF8.GetBytes(request),
            Key = key,
            Store = key is null ? null : a => Encoding.UTF8.GetBytes($"{a.Inserted + a.Updated} of {a.Received}"),
            Position = position,
        };
    }

    private static Post Keyed(string key, byte payload, params string[] records) => Post(records, key: new IdempotencyKey("p/s", key, Enumerable.Repeat(payload, 32).ToArray()));

    private static Post Positioned(long from, long to, params string[] records) => Post(records, position: new SharedPosition("p", "s", from, to));

    private static Post KpiPost(string[] records) => Post(records, """{"store_id":"xyz-456","date":"2026-01-02","source":"n8n","kpi_entries":[]}""");

    private static string Seller(int number, int? ca = null) => string.Create(CultureInfo.InvariantCulture, $$"""{"seller_id":"u{{number}}","ca":{{ca ?? number}}}""");

    private static string Manager(int number) => string.Create(CultureInfo.InvariantCulture, $$"""{ "manager_id": "u{{number}}", "ca": {{number}} } """);

    private static string Row(int id, int n) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"n":{{n}}}""");

    private static string[] Rows(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Row(i, i))];

    private Gatherer Open(PushTarget target, GathererOptions? options = null) => new(Gated, target, options ?? new GathererOptions(), _time, new Random(1));

    private async Task MakeStoreAsync()
    {
        if (harness.SpeaksSql)
        {
            await harness.ExecuteAsync("CREATE TABLE stores(id VARCHAR(36) PRIMARY KEY)");
            await harness.ExecuteAsync("CREATE TABLE users(id VARCHAR(36) PRIMARY KEY, role TEXT, store_id VARCHAR(36))");
        }
        await WriteAsync("stores", """{"id":"xyz-456"}""");
        await WriteAsync("users", [.. Enumerable.Range(1, 30).Select(i => $$"""{"id":"u{{i}}","role":"{{(i % 10 == 0 ? "manager" : "seller")}}","store_id":"xyz-456"}""")]);
    }

    private async Task WriteAsync(string table, params string[] records)
    {
        await using var gatherer = new Gatherer(harness.Destination, Simple with { Routes = [new PushRoute(Table(table, "id"))] }, new GathererOptions(), _time, new Random(1));
        (await gatherer.WriteAsync(Post(records), default)).Inserted.ShouldBe(records.Length);
    }

    private async Task<string[]> RowsAsync(string table) =>
        [.. (await harness.ReadAsync(table)).Select(r => string.Join(' ', r.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))).Order(StringComparer.Ordinal)];

    public sealed class OnSqlite() : GathererTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : GathererTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : GathererTests(new PostgreSqlHarness(server));
}
