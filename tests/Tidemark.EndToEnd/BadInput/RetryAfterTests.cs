using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>A server that limits the calls: 429, with every form of Retry-After.</summary>
public sealed class RetryAfterTests : IDisposable
{
    private const string Simple = "request: { path: /items }\nprimary_key: id";
    private static readonly Reply Good = Reply.Json("""[{"id":1}]""");
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Limit_without_retry_after_is_asked_again_with_own_waits()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429), Reply.Of(429), Good);
        _scene.Rest(server.Url, Simple);
        var outcome = (await _scene.RunAsync()).Exits(0);
        outcome.Count("requests").ShouldBe(3);
        outcome.Count("throttled_ms").ShouldBeGreaterThan(0);
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Limit_to_the_end_says_what_it_is()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, """{"message":"slow down"}"""));
        _scene.Rest(server.Url, Simple);
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "429", "slow down", "limits the calls; try again later");
    }

    [Theory]
    [InlineData("1", 1000)]
    [InlineData("0.6", 600)]
    public async Task Retry_after_in_seconds_is_a_floor(string header, int milliseconds)
    {
        (await WaitAsync(Reply.Of(429, "{}", ("Retry-After", header)))).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Fact]
    public async Task Retry_after_as_a_date_is_measured_on_the_servers_clock()
    {
        // A server whose clock is a year behind ours, and whose date lies a second ahead of it.
        var theirs = TimeProvider.System.GetUtcNow().AddYears(-1);
        (await WaitAsync(Reply.Of(429, "{}", ("Date", theirs.ToString("R", CultureInfo.InvariantCulture)), ("Retry-After", theirs.AddSeconds(1).ToString("R", CultureInfo.InvariantCulture)))))
            .ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    public async Task Unreadable_retry_after_counts_as_none(string header)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "{}", ("Retry-After", header)), Good);
        _scene.Rest(server.Url, Simple);
        (await _scene.RunAsync()).Exits(0).Count("throttled_ms").ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Wait_over_five_minutes_parks_the_run_and_the_next_one_goes_on()
    {
        const string first = """{"data":[{"id":1},{"id":2}],"next":"b"}""";
        await using var server = await ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json(first) : Reply.Of(429, "{}", ("Retry-After", "3600")));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }");
        var before = TimeProvider.System.GetUtcNow();

        var parked = (await _scene.RunAsync()).Exits(5);
        parked.Status().ShouldBe("parked");
        Outcome.Says(parked.StreamError(), "429", "asks to wait 1h");
        parked.Stream().GetProperty("parked_until").GetDateTimeOffset().ShouldBeInRange(before.AddMinutes(59), before.AddMinutes(61));
        _scene.Rows("select id from items").ShouldBe("1|2");

        var text = (await _scene.ToolAsync("run", "--allow", "parked")).Exits(0);
        Outcome.Says(text.Output, "parked", "run again after", "it goes on where it stopped");

        server.Answer = seen => seen.Query("cursor") == "b" ? Reply.Json("""{"data":[{"id":3}],"next":null}""") : Reply.Of(400, "from the start again");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id from items").ShouldBe("1|2|3");
    }

    // What passes at the server between a call that it refuses and the next one.
    private async Task<TimeSpan> WaitAsync(Reply refusal)
    {
        List<long> calls = [];
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            calls.Add(TimeProvider.System.GetTimestamp());
            return calls.Count == 1 ? refusal : Good;
        });
        _scene.Rest(server.Url, Simple);
        (await _scene.RunAsync()).Exits(0).Count("throttled_ms").ShouldBeGreaterThan(0);
        calls.Count.ShouldBe(2);
        return TimeProvider.System.GetElapsedTime(calls[0], calls[1]);
    }
}
