using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Records with values, texts and names that nobody expects.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Missing_key_column_fails_the_record_and_keeps_it()
    {
        await using var server = await StartAsync("""{"id":1,"v":"a"}""", """{"v":"b"}""", """{"id":null,"v":"c"}""", """{"id":4,"v":"d"}""");
        var outcome = (await _scene.RunAsync()).Exits(1);
        outcome.Status().ShouldBe("partial");
        outcome.Count("failed").ShouldBe(2);
        _scene.Rows("select id, v from items").ShouldBe("1 a|4 d");

        var list = (await _scene.ToolAsync("failed", "list", "--json")).Exits(0);
        var failed = list.Report.EnumerateArray().ToList();
        failed.Count.ShouldBe(2);
        failed.ShouldAllBe(f => f.GetProperty("reason").GetString()!.Contains("no value in 'id', which is part of the primary key"));
        failed.Select(f => f.GetProperty("payload").GetString()).ShouldBe(["""{"v":"b"}""", """{"id":null,"v":"c"}"""], ignoreOrder: true);
        (await _scene.RunAsync("--allow", "partial")).Exits(0);
        Outcome.Says((await _scene.ToolAsync("run")).Exits(1).Output, "2 records failed and are kept: tidemark failed list");
        Outcome.Says((await _scene.ToolAsync("failed", "show", failed[0].GetProperty("id").GetString()![..8])).Exits(0).Output, "payload", "reason");
    }

    [Fact]
    public async Task More_failed_records_than_max_failed_stop_the_stream()
    {
        await using var server = await StartAsync([.. Enumerable.Range(1, 30).Select(i => i <= 10 ? $$"""{"id":{{i}}}""" : """{"v":1}""")]);
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\nmax_failed: 5");
        Outcome.Says((await _scene.RunAsync()).Exits(4).StreamError(), "more than max_failed (5)", "no value in 'id'");
    }

    [Fact]
    public async Task Text_in_an_inferred_number_column_widens_it_and_loses_nothing()
    {
        await using var server = await StartAsync("""{"id":1,"n":10}""", """{"id":2,"n":2.5}""", """{"id":3,"n":"many"}""", """{"id":4,"n":true}""", """{"id":5,"n":null}""");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id, n from items order by id").ShouldStartWith("1 10|2 2.5|3 many|4 ");

        // The same in a later run, when the column is there already.
        server.Answer = _ => Reply.Json("""[{"id":1,"m":7}]""");
        (await _scene.RunAsync()).Exits(0);
        server.Answer = _ => Reply.Json("""[{"id":2,"m":"seven"},{"id":3,"m":9007199254740993}]""");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id, m from items where m is not null order by id").ShouldBe("1 7|2 seven|3 9007199254740993");
    }

    [Fact]
    public async Task Text_in_a_declared_number_column_fails_the_record_only()
    {
        await using var server = await StartAsync("""{"id":1,"n":10}""", """{"id":2,"n":"many"}""", """{"id":3,"n":"12"}""", """{"id":4,"n":1.5}""");
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\ncolumns: { n: bigint }");
        (await _scene.RunAsync()).Exits(1).Count("failed").ShouldBe(2);
        _scene.Rows("select id, n from items order by id").ShouldBe("1 10|3 12");
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Output, "the text 'many' in 'n', expected bigint as declared", "a number with a fraction in 'n'");
    }

    [Fact]
    public async Task Number_beyond_two_to_the_53_keeps_its_last_digit()
    {
        await using var server = await StartAsync(
            """{"id":9007199254740993,"n":9007199254740993,"d":0.1}""", """{"id":-9223372036854775808,"n":9223372036854775807,"d":1e3}""",
            """{"id":18446744073709551617,"n":123456789012345678901234567890,"d":0.12345678901234567890123}""");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select cast(id as text) as a, cast(n as text) as b from items order by length(n)").ShouldBe(
            "9007199254740993 9007199254740993|-9223372036854775808 9223372036854775807|18446744073709551617 123456789012345678901234567890");
        _scene.Rows("select d from items where length(n) = 30").ShouldBe("0.12345678901234567890123");
        (await _scene.RunAsync()).Exits(0).Count("written").ShouldBe(0);
        _scene.RowCount().ShouldBe(3);
    }

    [Fact]
    public async Task Invalid_utf8_fails_the_record_and_keeps_its_bytes()
    {
        byte[] body = [.. """[{"id":1,"v":"ok"},{"id":2,"v":"x"""u8, 0xC3, 0x28, .. "\"},{\"id\":3,\"v\":\"\\ud83d\"},{\"id\":4,\"v\":\"nul\\u0000nul\"},{\"id\":5,\"v\":\"é😀\"}]"u8];
        await using var server = await ScriptedServer.StartAsync(new Reply { Body = body });
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        (await _scene.RunAsync()).Exits(1).Count("failed").ShouldBe(2);
        _scene.Rows("select id from items order by id").ShouldBe("1|4|5");
        _scene.Rows("select v from items where id = 5").ShouldBe("é😀");
        _scene.Rows("select hex(v) from items where id = 4").ShouldBe("6E756C006E756C");
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Exits(0).Output, "not valid UTF-8", "can't be read");
        Database.Query(_scene[".tidemark/store.db"], "select payload from failed_records").Select(r => r["payload"]).OfType<byte[]>()
            .Count(p => p.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xC3, 0x28]) > 0).ShouldBe(1);
    }

    [Fact]
    public async Task Strings_of_a_megabyte_and_records_of_many_arrive_whole()
    {
        var big = new string('é', 512 * 1024);
        var escaped = string.Concat(Enumerable.Repeat("\\u00e9\\n", 100_000));
        await using var server = await StartAsync([.. Enumerable.Range(1, 12).Select(i => $$"""{"id":{{i}},"v":"{{big}}{{i}}","w":"{{escaped}}"}""")]);
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(12);
        _scene.Rows("select count(*), min(length(cast(v as blob))), min(length(w)) from items").ShouldBe("12 1048577 200000");
        (await _scene.RunAsync()).Exits(0).Count("written").ShouldBe(0);
    }

    [Fact]
    public async Task Nesting_200_deep_is_stored_as_it_arrived()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":[", 100)) + "1" + string.Concat(Enumerable.Repeat("]}", 100));
        await using var server = await StartAsync($$"""{"id":1,"v":{{deep}}}""");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select v from items").ShouldBe(deep);
        (await _scene.ToolAsync("show", Scene.Stream, "--json")).Exits(0).Report.GetProperty("total").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Nesting_beyond_the_limit_says_so()
    {
        var deep = new string('[', 2000) + new string(']', 2000);
        await using var server = await StartAsync($$"""{"id":1,"v":{{deep}}}""");
        var outcome = await _scene.RunAsync();
        outcome.Exits(3);
        Outcome.Says(outcome.StreamError(), "maximum configured depth of 1000", "nested deeper than 1000");
    }

    [Fact]
    public async Task Awkward_field_names_become_columns_as_they_are()
    {
        string[] names = ["select", "order", "a\"b", "it's", "a.b", "a b", " lead", "😀", "Id", "ID", "value", "VALUE", "x;drop table items", "[y]", "`z`", "rowid", "oid", "_rowid_", "--", "%s", "{{ watermark }}"];
        var record = names.Select((n, i) => $"{JsonSerializer.Serialize(n)}:{i + 100}").Prepend("\"id\":1");
        await using var server = await StartAsync($"{{{string.Join(',', record)}}}");
        (await _scene.RunAsync()).Exits(0);
        var row = Database.Query(_scene.Database, "select * from items").ShouldHaveSingleItem();
        row.Values.Select(v => Convert.ToInt64(v, CultureInfo.InvariantCulture)).Order().ShouldBe(names.Select((_, i) => i + 100L).Prepend(1));
        foreach (var (name, i) in names.Select((n, i) => (n, i)).Where(n => n.n is not ("Id" or "ID" or "VALUE"))) row[name].ShouldBe(i + 100L, name);

        // The same names lead to the same columns in the next run.
        (await _scene.RunAsync()).Exits(0).Count("unchanged").ShouldBe(1);
        (await _scene.ToolAsync("show", Scene.Stream)).Exits(0);
    }

    [Fact]
    public async Task Empty_field_name_and_empty_record_are_told()
    {
        await using var server = await StartAsync("""{"id":1,"":5}""", "{}", """{"id":3}""");
        var outcome = await _scene.RunAsync();
        outcome.ExitCode.ShouldBeOneOf(0, 1);
        _scene.Rows("select id from items where id = 3").ShouldBe("3");
        outcome.Count("read").ShouldBe(3);
        (outcome.Count("inserted") + outcome.Count("failed")).ShouldBe(3);
    }

    [Fact]
    public async Task Record_with_50_new_columns_in_the_middle_widens_the_table()
    {
        var wide = string.Concat(Enumerable.Range(0, 50).Select(i => $",\"c{i}\":\"v{i}\""));
        await using var server = await StartAsync([.. Enumerable.Range(1, 100).Select(i => $"{{\"id\":{i}{(i == 50 ? wide : "")}}}")]);
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\nbatch: { count: 7 }");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select count(*), count(c0), count(c49), max(c49) from items").ShouldBe("100 1 1 v49");
        _scene.Rows("select id from items where c7 is not null").ShouldBe("50");
    }

    [Fact]
    public async Task Field_twice_in_a_record_takes_the_last_one()
    {
        await using var server = await StartAsync("""{"id":1,"v":"a","v":"b"}""");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id, v from items").ShouldBe("1 b");
    }

    [Fact]
    public async Task More_columns_than_a_table_can_have_fails_the_record_and_says_why()
    {
        var wide = new StringBuilder("{\"id\":2");
        for (var i = 0; i < 3000; i++) wide.Append(CultureInfo.InvariantCulture, $",\"c{i}\":1");
        await using var server = await StartAsync("""{"id":1}""", wide.Append('}').ToString(), """{"id":3}""");
        var outcome = (await _scene.RunAsync()).Exits(1);
        _scene.Rows("select id from items order by id").ShouldBe("1|3");
        outcome.Count("failed").ShouldBe(1);
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Output, "columns");
    }

    private async Task<ScriptedServer> StartAsync(params string[] records)
    {
        var server = await ScriptedServer.StartAsync(Reply.Json($"[{string.Join(',', records)}]"));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        return server;
    }
}
