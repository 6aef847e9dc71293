using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Answers that are suddenly empty, or much shorter: a table is not wiped by them.</summary>
public sealed class EmptyTests : IDisposable
{
    private const string Ten = """[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5},{"id":6},{"id":7},{"id":8},{"id":9},{"id":10}]""";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("write_disposition: replace")]
    [InlineData("deletions: remove")]
    [InlineData("deletions: mark")]
    public async Task Empty_answer_leaves_the_table_and_names_allow_empty(string kind)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Ten));
        Stream(server, kind);
        (await _scene.RunAsync()).Exits(0);
        server.Answer = _ => Reply.Json("[]");
        var outcome = (await _scene.RunAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "brought no record", "'items' has 10 rows", "nothing was changed", "allow_empty: true");
        _scene.RowCount().ShouldBe(10);
        if (kind.EndsWith("mark", StringComparison.Ordinal)) _scene.Rows("select count(*) from items where _tidemark_deleted_at is not null").ShouldBe("0");

        Stream(server, kind + "\nallow_empty: true");
        (await _scene.RunAsync()).Exits(0).Count("deleted").ShouldBe(10);
        if (kind.EndsWith("mark", StringComparison.Ordinal)) _scene.Rows("select count(*) from items where _tidemark_deleted_at is null").ShouldBe("0");
        else _scene.RowCount().ShouldBe(0);
    }

    [Theory]
    [InlineData("write_disposition: replace")]
    [InlineData("deletions: remove")]
    [InlineData("deletions: mark")]
    public async Task Losing_more_than_max_delete_leaves_the_table_and_says_how_much(string kind)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Ten));
        Stream(server, kind);
        (await _scene.RunAsync()).Exits(0);
        server.Answer = _ => Reply.Json("""[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5},{"id":6},{"id":7}]""");
        var outcome = (await _scene.RunAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "3 of 10 rows (30 %)", "max_delete (20 %)", "nothing was changed", "raise max_delete");
        _scene.RowCount().ShouldBe(10);

        Stream(server, kind + "\nmax_delete: 30%");
        (await _scene.RunAsync()).Exits(0).Count("deleted").ShouldBe(3);
    }

    [Theory]
    [InlineData("write_disposition: replace")]
    [InlineData("deletions: remove")]
    public async Task Scan_that_fails_in_the_middle_deletes_nothing(string kind)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Ten));
        Stream(server, kind);
        (await _scene.RunAsync()).Exits(0);
        server.Answer = seen => seen.Query("page") == "1" ? Reply.Json("""[{"id":1,"new":true},{"id":2}]""") : Reply.Of(500);
        _scene.Rest(server.Url, $"request: {{ path: /items }}\nprimary_key: id\npaginator: {{ type: page_number }}\n{kind}");
        (await _scene.RunAsync()).Exits(3);
        _scene.RowCount().ShouldBe(10);
        (await _scene.RunAsync("--limit", "1")).ExitCode.ShouldBeOneOf(0, 3);
        _scene.RowCount().ShouldBe(10);

        server.Answer = seen => Reply.Json(int.Parse(seen.Query("page")!, CultureInfo.InvariantCulture) switch
        {
            <= 4 and var page => $$"""[{"id":{{(2 * page) - 1}}},{"id":{{2 * page}}}]""",
            5 => """[{"id":9},{"id":11}]""",
            _ => "[]",
        });
        (await _scene.RunAsync()).Exits(0).Count("deleted").ShouldBe(1);
        _scene.Rows("select count(*), max(id), sum(id = 10) from items").ShouldBe("10 11 0");
    }

    [Theory]
    [InlineData("write_disposition: replace")]
    [InlineData("deletions: remove")]
    public async Task Failed_records_count_as_seen(string kind)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Ten));
        Stream(server, kind);
        (await _scene.RunAsync()).Exits(0);
        server.Answer = _ => Reply.Json("""[{"no":"key"},{"no":"key2"},{"no":"key3"}]""");
        var outcome = (await _scene.RunAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "no record that could be written", "3 failed");
        _scene.RowCount().ShouldBe(10);
    }

    [Fact]
    public async Task Empty_answer_with_merge_changes_nothing()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(Ten), Reply.Json("[]"));
        Stream(server, "write_disposition: merge");
        (await _scene.RunAsync()).Exits(0);
        (await _scene.RunAsync()).Exits(0);
        _scene.RowCount().ShouldBe(10);
    }

    private void Stream(ScriptedServer server, string more) => _scene.Rest(server.Url, $"request: {{ path: /items }}\nprimary_key: id\n{more}");
}
