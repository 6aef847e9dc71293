using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Cursor values that are not what a watermark is made of.</summary>
public sealed class CursorValueTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")]
    [InlineData("253402300799000", "1767312000000", "1767398400000")]
    [InlineData("253402300799", "1767312000", "1767398400")]
    public async Task Year_9999_is_taken_and_never_becomes_the_watermark(string future, string second, string third)
    {
        await using var server = await ScriptedServer.StartAsync(Items((1, future), (2, second)));
        _scene.Rest(server.Url, Stream("desc"));
        var outcome = (await _scene.RunAsync()).Exits(0);
        Outcome.Says(string.Join('\n', outcome.Warnings), future, "more than a day ahead", "does not raise the watermark");
        outcome.Stream().GetProperty("watermark_after").GetString().ShouldBe(second);
        _scene.Rows("select id from items order by id").ShouldBe("1|2");

        // With 9999 as the watermark this one would never be seen.
        server.Answer = _ => Items((1, future), (3, third), (2, second));
        var next = (await _scene.RunAsync()).Exits(0);
        next.Stream().GetProperty("watermark_after").GetString().ShouldBe(third);
        _scene.Rows("select id from items order by id").ShouldBe("1|2|3");
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    [InlineData("none")]
    public async Task Null_and_absent_cursors_never_stop_a_scan(string order)
    {
        const string body = """[{"id":1,"at":null},{"id":2},{"id":3,"at":"2026-01-05"},{"id":4,"at":""},{"id":5,"at":{"x":1}},{"id":6,"at":"2026-01-05"}]""";
        await using var server = await ScriptedServer.StartAsync(Reply.Json(body));
        _scene.Rest(server.Url, Stream(order));
        var outcome = (await _scene.RunAsync()).Exits(0);
        outcome.Warnings.ShouldContain(w => w.Contains("without") && w.Contains("unreadable") && w.Contains("'at'"));
        outcome.Stream().GetProperty("watermark_after").GetString().ShouldBe("2026-01-05");
        _scene.Rows("select id from items order by id").ShouldBe("1|2|3|4|5|6");

        // They are read again, all of them, and compared.
        (await _scene.RunAsync()).Exits(0).Count("written").ShouldBe(0);
        _scene.RowCount().ShouldBe(6);
    }

    [Fact]
    public async Task Null_cursor_is_skipped_or_refused_as_declared()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"at":"2026-01-05"},{"id":2,"at":null}]"""));
        _scene.Rest(server.Url, Stream("none", "exclude"));
        (await _scene.RunAsync()).Exits(0).Count("skipped").ShouldBe(1);
        _scene.Rows("select id from items").ShouldBe("1");

        _scene.Rest(server.Url, Stream("none", "fail"));
        var failed = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(failed.StreamError(), "no value in the cursor field 'at'", "on_cursor_value_missing is fail");
        _scene.Rows("select id from items").ShouldBe("1");
    }

    [Theory]
    [InlineData("desc", "2026-01-01", "2026-01-03", "2026-01-02")]
    [InlineData("asc", "2026-01-03", "2026-01-01", "2026-01-02")]
    public async Task Cursor_that_goes_backwards_against_the_declared_order_turns_early_exit_off(string order, string a, string b, string c)
    {
        await using var server = await ScriptedServer.StartAsync(Items((1, a), (2, b), (3, c)));
        _scene.Rest(server.Url, Stream(order));
        var outcome = (await _scene.RunAsync()).Exits(0);
        Outcome.Says(string.Join('\n', outcome.Warnings), $"not {order} as declared", "came after", "reads to the end");
        outcome.Stream().GetProperty("watermark_after").GetString().ShouldBe("2026-01-03");

        // An old record first, a new one after it: only a scan that does not stop finds it.
        server.Answer = _ => Items((1, a), (4, "2026-01-02T12:00:00Z"), (2, b), (5, "2026-01-04"), (3, c));
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id from items where id in (2, 5) order by id").ShouldBe("2|5");
    }

    [Fact]
    public async Task Older_version_of_a_record_never_overwrites_a_newer_one()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Json("""[{"id":1,"at":"2026-01-05","v":"new"},{"id":1,"at":"2026-01-04","v":"old"}]"""),
            Reply.Json("""[{"id":1,"at":"2026-01-05T00:00:00Z","v":"new"},{"id":1,"at":null,"v":"none"}]"""));
        _scene.Rest(server.Url, Stream("none"));
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select v from items").ShouldBe("new");
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Since_reads_a_part_and_leaves_the_watermark()
    {
        await using var server = await ScriptedServer.StartAsync(Items((3, "2026-01-03"), (2, "2026-01-02"), (1, "2026-01-01")));
        _scene.Rest(server.Url, Stream("desc"));
        (await _scene.RunAsync()).Exits(0);
        Database.Execute(_scene.Database, "update items set at = null, id = id");

        var since = (await _scene.RunAsync("--since", "2026-01-02")).Exits(0);
        since.Count("updated").ShouldBe(2);
        since.Stream().GetProperty("watermark_after").GetString().ShouldBe("2026-01-03");
        _scene.Rows("select id, at from items order by id").ShouldBe("1 null|2 2026-01-02|3 2026-01-03");

        var wrong = (await _scene.RunAsync("--since", "yesterday")).Exits(3);
        Outcome.Says(wrong.StreamError(), "'yesterday'", "expected a", "'at'");
        _scene.RowCount().ShouldBe(3);
    }

    private static string Stream(string order, string missing = "include") =>
        $"request: {{ path: /items }}\nprimary_key: id\nincremental: {{ cursor_field: at, row_order: {order}, on_cursor_value_missing: {missing} }}";

    private static Reply Items(params (int Id, string At)[] items) =>
        Reply.Json($"[{string.Join(',', items.Select(i => $"{{\"id\":{i.Id},\"at\":{(i.At.Contains('-') ? $"\"{i.At}\"" : i.At)}}}"))}]");
}
