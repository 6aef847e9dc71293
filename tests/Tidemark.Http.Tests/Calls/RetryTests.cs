using System.Text;
using Tidemark.Http.Signals;
using Tidemark.Http.Tests.Support;
using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Calls;

public sealed class RetryTests
{
    private static readonly RestRequest Request = new() { Path = "/a" };

    [Theory]
    [InlineData("2", 2000)]
    [InlineData("2.0", 2000)]
    [InlineData("0.25", 250)]
    [InlineData("Sat, 10 Jan 2026 12:00:30 GMT", 30_000)]
    [InlineData("Sat, 10 Jan 2026 11:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData("-1", null)]
    [InlineData(null, null)]
    public void RetryAfter_is_read_in_each_of_its_forms(string? header, int? milliseconds) =>
        RetryAfterHeader.Read(header, new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero)).ShouldBe(milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null);

    [Fact]
    public async Task Server_error_three_times_then_fine_is_fine()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(500), Reply.Of(502), Reply.Of(503), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(new RestSource { Url = server.Address }, Request))[0].Records.ShouldBe(["1"]);

        (fixture.Counters[Counter.Requests], fixture.Counters[Counter.Retries], fixture.Counters[Counter.ThrottledMs]).ShouldBe((4, 3, 0));
    }

    [Fact]
    public async Task Server_error_without_end_fails_with_all_that_helps()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(500, "out of\n\n  order"));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new RestSource { Url = server.Address }, Request);

        message.ShouldBe($"GET {server.Address}a answered 500 Internal Server Error, 5 attempts: out of order; the server has a problem; try again later");
        server.Requests.Count.ShouldBe(5);
        fixture.Time.Waits.Count.ShouldBe(4);
        fixture.Time.Waits.ShouldAllBe(w => w > TimeSpan.Zero && w <= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task RetryAfter_is_a_floor_that_max_delay_does_not_clamp()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "200.5")), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { MaxDelay = TimeSpan.FromSeconds(2) } }, Request);

        fixture.Time.Waits.ShouldBe([TimeSpan.FromSeconds(200.5)]);
        fixture.Counters[Counter.ThrottledMs].ShouldBe(200_500);
    }

    [Fact]
    public async Task RetryAfter_as_a_date_is_kept()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Of(503, "", ("Retry-After", "Sat, 10 Jan 2026 12:01:00 GMT"), ("Date", "Sat, 10 Jan 2026 12:00:00 GMT")), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Time.Waits.ShouldBe([TimeSpan.FromMinutes(1)]);
    }

    [Fact]
    public async Task RetryAfter_of_nothing_still_backs_off()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "0")), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Time.Waits.ShouldHaveSingleItem().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task RetryAfter_beyond_five_minutes_parks_at_once()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "3600")));
        await using var fixture = new Fixture();

        var e = await Should.ThrowAsync<ParkedException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, Request));

        e.Until.ShouldBe(fixture.Time.GetUtcNow().AddHours(1));
        e.Message.ShouldContain("1h");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_that_says_when_to_come_back_is_a_limit()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(403, "", ("Retry-After", "60")), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Counters[Counter.ThrottledMs].ShouldBe(60_000);
    }

    [Fact]
    public async Task Limited_calls_without_RetryAfter_back_off_and_count_as_throttled()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Counters[Counter.ThrottledMs].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Truncated_body_is_asked_for_again()
    {
        var whole = Reply.Json("""[{"id":1},{"id":2}]""");
        await using var server = await ScriptedServer.StartAsync(whole with { CutAfter = 10 }, Reply.Json("""[{"id":1},{"i"""), whole);
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        pages.ShouldHaveSingleItem().Records.Count.ShouldBe(2);
        fixture.Counters[Counter.Retries].ShouldBe(2);
    }

    [Fact]
    public async Task Html_instead_of_json_is_asked_for_again_and_then_said()
    {
        await using var server = await ScriptedServer.StartAsync(new Reply { Body = Encoding.UTF8.GetBytes("<html>maintenance</html>"), ContentType = "text/html" });
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = 2 } }, Request);

        message.ShouldContain("HTML");
        message.ShouldContain("maintenance");
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Other_client_errors_fail_at_once()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(404, "no"));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(new RestSource { Url = server.Address }, Request)).ShouldContain("'/a'");

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refused_connection_names_host_and_port()
    {
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(new RestSource { Url = Fixture.Nowhere, Retry = new RetryDefinition { Attempts = 2 } }, Request);

        message.ShouldContain("127.0.0.1:9 refused the connection");
        message.ShouldContain("2 attempts");
    }

    [Fact]
    public async Task Timeout_runs_until_the_body_is_read_and_is_tried_again()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            if (Interlocked.Increment(ref calls) > 1) return Reply.Json("[1]");
            arrived.SetResult();
            return Reply.Json("[0]") with { Hold = never.Task };
        });
        await using var fixture = new Fixture();

        var reading = fixture.ReadAsync(new RestSource { Url = server.Address, Timeout = TimeSpan.FromMinutes(20) }, Request);
        await arrived.Task;
        fixture.Time.Advance(TimeSpan.FromMinutes(20));

        (await reading)[0].Records.ShouldBe(["1"]);
        never.SetResult();
    }

    [Fact]
    public async Task Cancellation_ends_a_call_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            cancel.Cancel();
            return Reply.Json("[0]") with { Hold = never.Task };
        });
        await using var fixture = new Fixture();

        await Should.ThrowAsync<OperationCanceledException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, Request, cancellationToken: cancel.Token));
        never.SetResult();
    }
}
