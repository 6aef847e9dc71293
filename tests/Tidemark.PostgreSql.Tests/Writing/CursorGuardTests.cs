using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Writing;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class CursorGuardTests(PostgresServer server)
{
    private static readonly string[] Values =
    [
        "2026-01-09", "2026-01-09T10:00Z", "2026-01-09T10:00:00Z", "2026-01-09t10:00:00z", "2026-01-09 10:00:00", "2026-01-09T12:00:00+02:00", "2026-01-09T12:00:00+0200", "2026-01-09T12:00:00+02",
        "2026-01-09T09:30:00-00:30", "2026-01-10T04:00:00+18:00", "2026-01-08T16:00:00-18:00", "2026-01-09T10:00:00.1Z", "2026-01-09T10:00:00,100Z", "2026-01-09T10:00:00.123456789Z",
        "2026-01-09T10:00:00.1234567891Z", "2026-01-09T10:00:00.123456788", "2026-01-09T10:00:60Z", "2026-01-09T10:01:00Z", "2024-02-29", "2026-02-29", "2026-02-30T10:00:00Z", "2026-13-01",
        "2026-01-09T24:00:00Z", "2026-01-09T10:00:00+19:00", "2026-01-09T10", "0000-01-01", "0001-01-01", "9999-12-31T23:59:59Z", "2026-01-09T10:00+01", "2026-01-09T10:00:00.Z",
        "1", "01", "+1", "1.0", "-1", "-0", "0", "1.", ".5", "1e2", "1E+2", "1e-2", " 1 ", "100", "12345678901234567890123456789", "79228162514264337593543950335", "99228162514264337593543950335", "1e40",
        "", "a", "A", "b", "ab", "é", "z", "\ue000", "😀", "1,5", "0x10", "--1", "1e", "NaN", "Infinity", "text", "2026",
    ];

    [Fact]
    public async Task Text_is_compared_as_what_it_is()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        var column = new PgColumn(0, "at", "text", ColumnType.Text, false, false, null);
        var pairs = Values.SelectMany(a => Values.Select(b => (A: a, B: b))).ToList();
        var rows = await bench.Writer.Session.RowsAsync(
            $"SELECT {GuardSql.IsOlder("p.a", "p.b", column)} FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p(a, b, n) ORDER BY n",
            default, pairs.Select(p => p.A).ToArray(), pairs.Select(p => p.B).ToArray());
        for (var i = 0; i < pairs.Count; i++) rows[i][0].ShouldBe(CursorKinds.Compare(pairs[i].A, pairs[i].B) < 0, $"'{pairs[i].A}' and '{pairs[i].B}'");
    }

    [Theory]
    [InlineData("integer", "9", "10")]
    [InlineData("numeric(10,2)", "9.5", "10")]
    [InlineData("varchar(40)", "'9'", "'10'")]
    [InlineData("varchar(40)", "'2026-01-09T10:00:00+02:00'", "'2026-01-09T09:00:00Z'")]
    [InlineData("text", "9", "'10'")]
    [InlineData("timestamp", "'2026-01-09T10:00:00+02:00'", "'2026-01-09T09:00:00Z'")]
    [InlineData("timestamptz", "'2026-01-09T10:00:00+02:00'", "'2026-01-09T09:00:00Z'")]
    [InlineData("jsonb", "9", "10")]
    [InlineData("double precision", "9.5", "10")]
    [InlineData("date", "'2026-01-09'", "'2026-01-10'")]
    public async Task Older_never_overwrites_newer(string type, string older, string newer)
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at", sql: $"CREATE TABLE t (id bigint PRIMARY KEY, at {type}, a text)");
        await bench.WriteAsync($$"""{'id':1,'at':{{newer}},'a':'new'}""");
        (await bench.WriteAsync($$"""{'id':1,'at':{{older}},'a':'old'}""")).ShouldBe(new(0, 0, 1, 1));
        (await bench.WriteAsync($$"""{'id':1,'at':{{newer}},'a':'same'}""")).ShouldBe(new(0, 1, 0));
        (await bench.WriteAsync("{'id':1,'a':'no cursor'}")).ShouldBe(new(0, 1, 0));
        (await bench.WriteAsync("{'id':1,'at':null,'a':'null'}")).ShouldBe(new(0, 1, 0));
        (await bench.WriteAsync($$"""{'id':1,'at':{{older}},'a':'again'}""")).ShouldBe(new(0, 1, 0));
        (await bench.SqlAsync("SELECT a FROM t")).ShouldBe("again");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Records_that_come_take_the_mark_of_deletion_away_even_if_they_are_older(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at", marks: true);
        await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'at':5,'a':'new'}""")]);
        await bench.SqlAsync("UPDATE t SET _tidemark_deleted_at = now()");
        (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'at':4,'a':'old'}""")])).ShouldBe(new(0, count, 0));
        (await bench.SqlAsync("SELECT DISTINCT at, a, _tidemark_deleted_at FROM t")).ShouldBe("5|new|NULL");
        await bench.SqlAsync("UPDATE t SET _tidemark_deleted_at = now()");
        (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}}}""")])).ShouldBe(new(0, count, 0));
        (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'at':4,'a':'old'}""")])).ShouldBe(new(0, 0, count, count));
        (await bench.SqlAsync("SELECT DISTINCT at, a, _tidemark_deleted_at FROM t")).ShouldBe("5|new|NULL");
    }
}
