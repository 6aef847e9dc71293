using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>What the server refuses, and what people are told of it.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class RefusalTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Theory]
    [InlineData("RAISE EXCEPTION 'no bad here'", "no bad here")]
    [InlineData("ASSERT false, 'must be good'", "must be good")]
    [InlineData("SELECT x INTO STRICT NEW.v FROM generate_series(1, 2) x", "query returned more than one row")]
    public async Task Trigger_that_raises_an_error_refuses_the_record_alone(string statement, string message)
    {
        await _db.SqlAsync($"""
            CREATE TABLE t(id bigint PRIMARY KEY, v text);
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v = 'bad' THEN {statement}; END IF; RETURN NEW; END $$;
            CREATE TRIGGER look BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION look()
            """);
        var result = await HalveAsync("""{"id":1,"v":"good"}""", """{"id":2,"v":"bad"}""", """{"id":3,"v":"good"}""");
        result.Counts.Inserted.ShouldBe(2);
        (result.Refused.ShouldHaveSingleItem().Row, result.Refused[0].Reason.StartsWith($"the database refuses a record: {message}", StringComparison.Ordinal)).ShouldBe((1, true), result.Refused[0].Reason);
    }

    [Theory]
    [InlineData("v varchar(2), w text", "'abc'", "value too long for type character varying(2); column 'v'")]
    [InlineData("v varchar(2), w varchar(2)", "'abc'", "value too long for type character varying(2); one of the columns 'v', 'w'")]
    [InlineData("v numeric(4,2), w numeric(5,2)", "100", "column 'v'")]
    [InlineData("v timestamp, w time", "'soon'", "invalid input syntax for type timestamp: \"soon\"")]
    [InlineData("v uuid, w time", "'time'", "invalid input syntax for type uuid: \"time\"; column 'v'")]
    [InlineData("v smallint, w text", "70000", "is out of range for type smallint; column 'v'")]
    [InlineData("v inet, w text", "'x'", "invalid input syntax for type inet: \"x\"; column 'v'")]
    [InlineData("v jsonb, w text", "['\\ud800']", "; column 'v'")]
    public async Task Value_that_is_refused_is_told_with_its_column(string columns, string value, string message)
    {
        await _db.SqlAsync($"CREATE TABLE t(id bigint PRIMARY KEY, {columns})");
        var bad = $$"""{'id':2,'v':{{value}},'w':null}""".Replace('\'', '"');
        var good = """{"id":1,"w":null,"v":null}""";
        foreach (var rows in new[] { 1, 600 })
        {
            var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target(), [.. Enumerable.Repeat(good, rows - 1), bad]));
            (e.Fault, e.Message.Contains(message, StringComparison.Ordinal)).ShouldBe((DestinationFault.Record, true), e.Message);
        }
    }

    [Fact]
    public async Task Row_that_breaks_a_constraint_is_shown()
    {
        await _db.SqlAsync("CREATE TABLE t(id bigint PRIMARY KEY, n bigint CHECK (n < 10))");
        var result = await HalveAsync("""{"id":1,"n":1}""", """{"id":2,"n":11}""");
        result.Refused.ShouldHaveSingleItem().Reason.ShouldStartWith("the database refuses a record: new row for relation \"t\" violates check constraint \"t_n_check\" (Failing row contains (2, 11");
    }

    [Fact]
    public async Task Rows_that_are_put_aside_are_refused_in_the_name_of_their_table()
    {
        await _db.SqlAsync("CREATE TABLE t(id bigint PRIMARY KEY, v bigint CHECK (v > 0))");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target() with { Disposition = WriteDisposition.Replace }, """{"id":1,"v":0}"""));
        (e.Fault, e.Message.StartsWith("the database refuses a record: new row for relation \"t\" violates check constraint \"t_v_check\"", StringComparison.Ordinal)).ShouldBe((DestinationFault.Record, true), e.Message);
    }

    [Fact]
    public async Task Fatal_error_names_table_and_state()
    {
        await _db.SqlAsync("""
            CREATE TABLE t(id bigint PRIMARY KEY);
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nothing(); RETURN NEW; END $$;
            CREATE TRIGGER look BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION look()
            """);
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target(), """{"id":1}"""));
        (e.Fault, e.Message.StartsWith("the table 'public.t' can't be written: 127.0.0.1:", StringComparison.Ordinal), e.Message.Contains("(SQLSTATE 42883)", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true, true), e.Message);
    }

    [Theory]
    [InlineData("ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.id)")]
    [InlineData("ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.id)")]
    public async Task Rule_that_no_merge_goes_through_is_told(string rule)
    {
        await _db.SqlAsync($"CREATE TABLE t(id bigint PRIMARY KEY, v bigint); CREATE TABLE log(id bigint); INSERT INTO t VALUES (1, 1); CREATE RULE r AS {rule}");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target(), """{"id":1,"v":2}""", """{"id":2,"v":2}"""));
        (e.Fault, e.Message.Contains("the table 'public.t' can't be written", StringComparison.Ordinal), e.Message.Contains("a rule ON INSERT or ON UPDATE", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true, true), e.Message);
    }

    [Fact]
    public async Task Row_level_security_with_policies_for_all_rows_is_written_through()
    {
        var url = await SecuredAsync("CREATE POLICY p ON t USING (true)");
        foreach (var (target, records) in new[] { (Target(), 1), (Target(), 600), (Target() with { Disposition = WriteDisposition.Append }, 600) })
        {
            await using var writer = await _db.Destination(url).OpenAsync(target, default);
            await WriteAsync(writer, target, [.. Enumerable.Range(0, records).Select(i => $$"""{"id":{{i + (target.Disposition == WriteDisposition.Append ? 1000 : 0)}},"v":{{records}}}""")]);
        }
        (await _db.SqlAsync("SELECT count(*), count(DISTINCT id) FROM t WHERE v = 600")).ShouldBe("1200|1200");
    }

    [Theory]
    [InlineData("CREATE POLICY p ON t USING (v > 5)", 9, "row-level security hides rows of 'public.t'")]
    [InlineData("CREATE POLICY p ON t USING (true) WITH CHECK (v > 5)", 2, "row-level security is active: give the user BYPASSRLS")]
    [InlineData("SELECT", 2, "row-level security is active: give the user BYPASSRLS")]
    public async Task Row_level_security_that_is_in_the_way_is_told(string policy, int value, string message)
    {
        await using var writer = await _db.Destination(await SecuredAsync(policy)).OpenAsync(Target(), default);
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, Target(), $$"""{"id":-1,"v":{{value}}}""", $$"""{"id":2,"v":{{value}}}"""));
        (e.Fault, e.Message.Contains(message, StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
    }

    private async Task<string> SecuredAsync(string policy)
    {
        var url = await _db.AddUserAsync();
        await _db.SqlAsync($"GRANT CREATE ON SCHEMA public TO {_db.User}; CREATE TABLE t(id bigint PRIMARY KEY, v bigint); ALTER TABLE t ENABLE ROW LEVEL SECURITY; GRANT ALL ON t TO {_db.User}");
        await _db.SqlAsync(policy);
        if (policy.Contains("v > 5", StringComparison.Ordinal)) await _db.SqlAsync("INSERT INTO t VALUES (-1, 1)");
        return url;
    }

    private async Task<HalvingResult> HalveAsync(params string[] records)
    {
        await using var writer = await _db.OpenAsync(Target());
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Target(), records);
        return await Halving.WriteAsync(transaction, batch, default);
    }
}
