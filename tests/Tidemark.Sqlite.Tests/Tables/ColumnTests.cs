using Tidemark.Destinations;
using Tidemark.Records;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Tables;

public sealed class ColumnTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Names_that_sqlite_does_not_take_get_others()
    {
        await _db.WriteAsync(Target("my \"table\". 🌊"), """{"id":1,"":1,"a.b":1,"qu\"ote":1,"_tidemark_deleted_at":1,"a\u0000b":1,"rowid":1}""");
        _db.Rows("SELECT name FROM pragma_table_info('my \"table\". 🌊') ORDER BY cid").ShouldBe(["id", "_empty", "a.b", "qu\"ote", "_tidemark_deleted_at_", "a_b", "rowid"]);
    }

    [Theory]
    [InlineData("1", "\"01000\"", "TEXT", "1|01000")]
    [InlineData("true", "\"x\"", "TEXT", "true|x")]
    [InlineData("0.1", "\"x\"", "TEXT", "0.1|x")]
    [InlineData("\"\"", "5", "TEXT", "|5")]
    [InlineData("{\"x\": 1}", "\"a\"", "TEXT", "{\"x\": 1}|a")]
    [InlineData("\"a\"", "{\"x\": 1}", "TEXT", "a|{\"x\": 1}")]
    [InlineData("1", "1.5", "DOUBLE", "1.0|1.5")]
    [InlineData("1.5", "2", "DOUBLE", "1.5|2.0")]
    [InlineData("9007199254740993", "1.5", "", "9007199254740993|1.5")]
    [InlineData("1.5", "123456789012345678901234567890", "", "1.5|123456789012345678901234567890")]
    [InlineData("\"2026-01-09T10:00:00Z\"", "\"2026-01-09 10:00:00+01:00\"", "TIMESTAMP", "2026-01-09T10:00:00Z|2026-01-09 10:00:00+01:00")]
    [InlineData("\"2026-01-09T10:00:00Z\"", "\"2026-01-09T10:00:00\"", "TEXT", "2026-01-09T10:00:00Z|2026-01-09T10:00:00")]
    [InlineData("\"2026-01-09\"", "\"2026-01-09T10:00:00Z\"", "TEXT", "2026-01-09|2026-01-09T10:00:00Z")]
    public async Task Values_of_two_types_are_stored_in_the_form_in_which_they_came(string first, string second, string declared, string expected)
    {
        await _db.WriteAsync(Target(), $$"""{"id":1,"v":{{first}}}""");
        await _db.WriteAsync(Target(), $$"""{"id":2,"v":{{second}}}""");
        _db.Scalar("SELECT type FROM pragma_table_info('t') WHERE name = 'v'").ShouldBe(declared);
        _db.Rows("SELECT group_concat(v, '|'), sum(typeof(v) = 'blob') FROM (SELECT * FROM t ORDER BY id)").ShouldBe([$"{expected}|0"]);
    }

    [Fact]
    public async Task Widening_keeps_row_ids_indexes_triggers_views_and_constraints()
    {
        _db.Execute("""
            CREATE TABLE "T" (
                id INTEGER PRIMARY KEY AUTOINCREMENT, -- the, key
                code VARCHAR(10) NOT NULL DEFAULT 'a,b' COLLATE NOCASE,
                amount DECIMAL(10, 2) CHECK (amount IS NULL OR amount <> 13), n INT UNIQUE,
                twice AS (n * 2), CONSTRAINT u UNIQUE (code, n));
            INSERT INTO T(id, code, amount, n) VALUES(5, 'x', 1.25, 50), (9, 'y', 7, 90);
            DELETE FROM T WHERE id = 9;
            CREATE INDEX byn ON T(n) WHERE n > 1;
            CREATE VIEW v AS SELECT id, n FROM T;
            CREATE VIEW w AS SELECT * FROM v;
            CREATE TABLE log(n);
            CREATE TRIGGER g AFTER INSERT ON T BEGIN INSERT INTO log VALUES(new.n); END;
            CREATE TRIGGER h INSTEAD OF INSERT ON v BEGIN INSERT INTO T(id, n) VALUES(new.id, new.n); END
            """);
        (await _db.WriteAsync(Target("t"), """{"id":6,"code":"z","n":"060","amount":12345678901234567890.5}""")).Inserted.ShouldBe(1);
        _db.Rows("SELECT rowid, id, code, amount, n, typeof(n), typeof(amount) FROM T ORDER BY id").ShouldBe(["5|5|x|1.25|50|text|real", "6|6|z|12345678901234567890.5|060|text|text"]);
        _db.Rows("SELECT type, name FROM sqlite_schema WHERE name IN ('T', 'byn', 'v', 'w', 'g', 'h') ORDER BY name").ShouldBe(["table|T", "index|byn", "trigger|g", "trigger|h", "view|v", "view|w"]);
        _db.Rows("SELECT * FROM log").ShouldBe(["060"]);
        _db.Rows("SELECT * FROM w WHERE id = 6").ShouldBe(["6|060"]);
        _db.Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'T'").ShouldBe(9L);
        _db.Scalar("PRAGMA integrity_check").ShouldBe("ok");
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target("t"), """{"id":7,"code":"Z","n":"060"}"""))).Message.ShouldContain("UNIQUE constraint failed");
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target("t"), """{"id":7,"amount":13}"""))).Message.ShouldContain("CHECK constraint failed");
        _db.Execute("INSERT INTO v VALUES(70, '070')");
        _db.Rows("SELECT id, code, n, twice FROM T WHERE id = 70").ShouldBe(["70|a,b|070|140"]);
    }

    [Fact]
    public async Task Widening_of_a_table_that_others_refer_to_keeps_their_rows()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT); INSERT INTO t VALUES(1, 1); CREATE TABLE child(t BIGINT REFERENCES t(id) ON DELETE CASCADE); INSERT INTO child VALUES(1)");
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, """{"id":"x","n":"01"}"""));
        e.Fault.ShouldBe(DestinationFault.Temporary);
        (await WriteAsync(writer, target, """{"id":"x","n":"01"}""")).Inserted.ShouldBe(1);
        _db.Rows("SELECT id, n FROM t ORDER BY id").ShouldBe(["1|1", "x|01"]);
        _db.Scalar("SELECT count(*) FROM child").ShouldBe(1L);
        _db.Rows("PRAGMA foreign_key_check").ShouldBeEmpty();
    }

    [Fact]
    public async Task Tables_of_the_user_keep_types_that_hold_what_arrives()
    {
        _db.Execute("CREATE TABLE t(ID INTEGER PRIMARY KEY, at DATETIME, active INTEGER, any, b BLOB, price NUMERIC, s VARCHAR(9))");
        var before = _db.Scalar("SELECT sql FROM sqlite_schema WHERE name = 't'");
        await _db.WriteAsync(Target(), """{"id":1,"at":"2026-01-02 03:04","active":true,"any":"01","b":"x","price":9.5,"s":5}""");
        (await _db.WriteAsync(Target(), """{"id":1,"at":"2026-01-02 03:04","active":true,"any":"01","b":"x","price":9.50,"s":5}""")).Unchanged.ShouldBe(1);
        _db.Scalar("SELECT sql FROM sqlite_schema WHERE name = 't'").ShouldBe(before);
        _db.Rows("SELECT *, typeof(any), typeof(s) FROM t").ShouldBe(["1|2026-01-02 03:04|1|01|x|9.5|5|text|text"]);
    }

    [Fact]
    public async Task Strict_table_gets_types_that_it_knows()
    {
        _db.Execute("CREATE TABLE t(id TEXT PRIMARY KEY, n INT) STRICT");
        await _db.WriteAsync(Target(), """{"id":"a","n":1}""");
        (await _db.WriteAsync(Target(), """{"id":"b","n":"x","more":true,"big":123456789012345678901234567890}""")).Inserted.ShouldBe(1);
        _db.Rows("SELECT * FROM t ORDER BY id").ShouldBe(["a|1|∅|∅", "b|x|1|123456789012345678901234567890"]);
    }

    [Fact]
    public async Task Declared_types_are_stored_as_declared()
    {
        var target = Target() with
        {
            Schema = new BatchSchema
            {
                PrimaryKey = ["id"],
                Columns = [new("at", null, ColumnType.Timestamp), new("day", null, ColumnType.Date), new("raw", null, ColumnType.Bytes), new("j", null, ColumnType.Json), new("d", null, ColumnType.Double), new("x", null, ColumnType.Text)],
            },
        };
        await _db.WriteAsync(target, """{"id":1,"at":"2026-01-02T03:04:05+01:00","day":"2026-01-02","raw":"AQID","j":"a\"b","d":5,"x":null}""", """{"id":2,"raw":"","j":[1, 2]}""");
        _db.Rows("SELECT name, type FROM pragma_table_info('t')").ShouldBe(["id|BIGINT", "at|TIMESTAMP", "day|DATE", "raw|BLOB", "j|TEXT", "d|DOUBLE", "x|TEXT"]);
        _db.Rows("SELECT at, day, hex(raw), typeof(raw), j, typeof(d) FROM t").ShouldBe(["2026-01-02T03:04:05+01:00|2026-01-02|010203|blob|\"a\\\"b\"|real", "∅|∅||blob|[1, 2]|null"]);
        await _db.WriteAsync(Target(), """{"id":3,"raw":"x y","at":"soon"}""");
        _db.Rows("SELECT raw, at FROM t").ShouldBe(["AQID|2026-01-02T03:04:05+01:00", "|∅", "x y|soon"]);
    }

    [Fact]
    public async Task Key_that_widens_keeps_the_row_ids()
    {
        await _db.WriteAsync(Target(), """{"id":1,"n":1}""", """{"id":2,"n":1}""");
        (await _db.WriteAsync(Target(), """{"id":"01","n":1}""", """{"id":1,"n":5}""")).ShouldBe(new WriteCounts(1, 1, 0));
        _db.Rows("SELECT rowid, id, n FROM t").ShouldBe(["1|1|5", "2|2|1", "3|01|1"]);
    }

    [Theory]
    [InlineData("_Tidemark_x")]
    [InlineData("sqlite_x")]
    public async Task Reserved_table_is_refused_in_any_case(string table) =>
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target(table)))).Fault.ShouldBe(DestinationFault.Fatal);
}
