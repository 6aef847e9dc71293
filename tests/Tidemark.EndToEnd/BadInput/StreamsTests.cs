using System.Globalization;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Several streams, limits, and parents.</summary>
public sealed class StreamsTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("parallel_streams: 3")]
    public async Task Failing_stream_does_not_stop_the_others_and_exit_codes_have_their_order(string top)
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path switch
        {
            "/broken" => Reply.Of(404),
            "/limited" => Reply.Of(429, "{}", ("Retry-After", "900")),
            "/partial" => Reply.Json("""[{"id":1},{"v":1}]"""),
            _ => Reply.Json("""[{"id":1},{"id":2}]"""),
        });
        _scene.Configure(server.Url, string.Join('\n', new[] { "partial", "limited", "broken", "good" }.Select(n => $"  {n}: {{ request: {{ path: /{n} }}, primary_key: id }}")), top: top);
        var outcome = (await _scene.RunAsync()).Exits(3);
        new[] { "partial", "limited", "broken", "good" }.Select(outcome.Status).ShouldBe(["partial", "parked", "failed", "succeeded"]);
        outcome.Report.GetProperty("status").GetString().ShouldBe("failed");
        _scene.RowCount("good").ShouldBe(2);
        _scene.RowCount("partial").ShouldBe(1);

        (await _scene.RunAsync("partial", "limited")).Exits(5);
        (await _scene.RunAsync("partial", "limited", "--allow", "parked")).Exits(1);
        (await _scene.RunAsync("partial", "limited", "--allow", "partial,parked")).Exits(0);
    }

    [Fact]
    public async Task Limit_repeated_until_done_ends_with_the_truth()
    {
        await using var communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _scene.Rest(Scene.Url(communes), """
            request: { path: /communes/cursor, params: { sort: updated_at.desc } }
            records: communes
            primary_key: code
            paginator: { type: cursor, cursor_path: next_cursor, page_size: 1000, page_size_param: limit }
            incremental: { cursor_field: updated_at, row_order: desc }
            """);
        var runs = 0;
        for (var done = 0L; done < 34_969; runs++)
        {
            // 6700 falls into the middle of a page; the last one is shorter.
            var outcome = (await _scene.RunAsync("--limit", "6700")).Exits(0);
            outcome.Count("read").ShouldBe(Math.Min(6700, 34_969 - done));
            outcome.Stream().GetProperty("mode").GetString().ShouldBe("first");
            done = _scene.RowCount();
            done.ShouldBe(Math.Min(6700L * (runs + 1), 34_969));
        }
        runs.ShouldBe(6);
        await _scene.EqualsTruthAsync(communes, "communes", "code");

        // The scan is complete: the next run is incremental, and the watermark is the newest.
        await communes.AdvanceAsync("day");
        var next = (await _scene.RunAsync()).Exits(0);
        next.Count("updated").ShouldBe(62);
        next.Count("requests").ShouldBe(1);
        await _scene.EqualsTruthAsync(communes, "communes", "code");
    }

    [Fact]
    public async Task Refresh_once_leaves_a_table_alone_that_had_rows_before()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1},{"id":2}]"""));
        Database.Execute(_scene.Database, "create table items(id integer primary key, mine text); insert into items values (7, 'kept')");
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\nrefresh: once");
        var outcome = (await _scene.RunAsync()).Exits(0);
        outcome.Stream().GetProperty("not_run").GetBoolean().ShouldBeTrue();
        server.Requests.ShouldBeEmpty();
        _scene.Rows("select * from items").ShouldBe("7 kept");

        (await _scene.RunAsync("--full")).Exits(0).Count("inserted").ShouldBe(2);
        _scene.Rows("select * from items order by id").ShouldBe("1 null|2 null|7 kept");
        (await _scene.RunAsync()).Exits(0).Stream().GetProperty("not_run").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Refresh_once_that_was_broken_off_goes_on()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json("""{"data":[{"id":1}],"next":"b"}""") : Reply.Of(404));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\nprimary_key: id\nrefresh: once\npaginator: { type: cursor, cursor_path: next }");
        (await _scene.RunAsync()).Exits(3);
        server.Answer = _ => Reply.Json("""{"data":[{"id":2}],"next":null}""");
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(1);
        _scene.RowCount().ShouldBe(2);
        (await _scene.RunAsync()).Exits(0).Count("requests").ShouldBe(0);
    }

    [Fact]
    public async Task Children_of_every_parent_are_read_whatever_breaks_between()
    {
        await using var communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _scene.Configure(Scene.Url(communes), """
              departements: { request: { path: /departements }, primary_key: code, batch: { count: 7 } }
              items:
                parent: { stream: departements, include: [code] }
                request: { path: "/departements/{{ parent.code }}/communes" }
                primary_key: code
                batch: { count: 500 }
            """);
        // Killed when parents are written and some children are read, then a child that fails for good, then a limit.
        using (var tool = _scene.Start("run", "--json"))
        {
            while (!tool.HasExited && communes.Calls.Total < 30) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            await tool.KillAsync();
        }
        await Scene.FaultAsync(communes, "kind=404&after=20");
        var failed = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(failed.StreamError(), "404", "/departements/", "/communes");
        (await _scene.RunAsync("items", "--limit", "700")).Exits(0).Count("read").ShouldBe(700);
        (await _scene.RunAsync()).Exits(0);
        await _scene.EqualsTruthAsync(communes, "communes", "code");
        await _scene.EqualsTruthAsync(communes, "departements", "code", "departements");
    }

    [Fact]
    public async Task Parent_without_the_included_field_is_told()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json(seen.Path == "/parents" ? """[{"id":1,"slug":"a b/../c"},{"id":2}]""" : """[{"id":5}]"""));
        _scene.Configure(server.Url, """
              parents: { request: { path: /parents }, primary_key: id }
              items: { parent: { stream: parents, include: [slug] }, request: { path: "/of/{{ parent.slug }}" }, primary_key: id }
            """);
        var outcome = await _scene.RunAsync();
        outcome.Exits(3);
        Outcome.Says(outcome.StreamError(), "parent.slug");
        server.Requests.Count(r => r.Path == "/of/a%20b%2F..%2Fc").ShouldBe(1);
        _scene.RowCount("parents").ShouldBe(2);
    }

    [Fact]
    public async Task Streams_side_by_side_into_one_file_all_end_with_the_truth()
    {
        await using var communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var streams = new[] { "25", "35", "59", "62", "75", "76" };
        _scene.Configure(Scene.Url(communes), string.Join('\n', streams.Select(d => string.Create(CultureInfo.InvariantCulture, $$"""
              d{{d}}: { request: { path: /communes/cursor, params: { departement: "{{d}}", limit: "50" } }, records: communes, primary_key: code, batch: { count: 40 }, paginator: { type: cursor, cursor_path: next_cursor } }
            """))), top: "parallel_streams: 6");
        (await _scene.RunAsync()).Exits(0);
        var truth = (await Truth.RecordsAsync(communes, "communes")).ToLookup(r => r.GetProperty("departement").GetString()!, StringComparer.Ordinal);
        foreach (var d in streams) Truth.Differences([.. truth[d]], _scene.Database, "d" + d, "code").ShouldBeEmpty();
    }
}
