using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Constraints that the server checks at the end of a transaction.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class DeferredConstraintTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

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
}
