using System.Globalization;
using System.Net;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Traffic;
using Tidemark.Tests.Support;

namespace Tidemark.Simulators.Tests;

/// <summary>The quota as a client meets it, on a clock that stands still.</summary>
public sealed class LimiterTests
{
    private const string Page = "/communes/page?per_page=1";

    private readonly ManualTime _clock = new();

    [Theory]
    [InlineData(LimiterKind.Fixed, 10)]
    [InlineData(LimiterKind.Sliding, 10)]
    [InlineData(LimiterKind.Bucket, 5)]
    public async Task Calls_beyond_the_limit_are_refused_until_the_reset_told(LimiterKind kind, int seconds)
    {
        await using var communes = await StartAsync(new() { Limit = 2, Limiter = kind, Interval = TimeSpan.FromSeconds(10), RetryAfter = true });
        for (var call = 1; call <= 3; call++)
        {
            using var response = await communes.Http.GetAsync(Page);
            response.StatusCode.ShouldBe(call <= 2 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
            Header(response, "X-Rate-Limit-Limit").ShouldBe("2");
            Header(response, "X-Rate-Limit-Remaining").ShouldBe(call == 1 ? "1" : "0");
            Header(response, "X-Rate-Limit-Reset").ShouldBe((_clock.GetUtcNow().ToUnixTimeMilliseconds() + (seconds * 1000)).ToString(CultureInfo.InvariantCulture));
            response.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
            (response.Headers.RetryAfter is null).ShouldBe(call <= 2);
        }

        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.TooManyRequests);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Counts_tell_allowed_and_refused_and_the_fullest_window_at_any_phase()
    {
        await using var communes = await StartAsync(new() { Limit = 3, Interval = TimeSpan.FromSeconds(10) });
        // Two windows of the server, at 0 and at 10 s, are full; the fullest interval begins at 9 s.
        foreach (var seconds in (int[])[0, 9, 0, 0, 1, 0])
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            await StatusAsync(communes);
        }

        var calls = await communes.GetAsync("/_sim/calls");
        (calls.GetProperty("total").GetInt32(), calls.GetProperty("allowed").GetInt32(), calls.GetProperty("refused").GetInt32()).ShouldBe((6, 5, 1));
        calls.GetProperty("max_in_window").GetProperty("10s").GetInt32().ShouldBe(5);
        (communes.Simulator.Calls.Allowed, communes.Simulator.Calls.Refused).ShouldBe((5, 1));
    }

    [Fact]
    public async Task Reset_opens_the_quota_again_and_control_routes_need_none()
    {
        await using var communes = await StartAsync(new() { Limit = 1 });
        await StatusAsync(communes);
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await communes.PostAsync("/_sim/reset")).EnsureSuccessStatusCode();
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refused_call_uses_up_no_fault()
    {
        await using var communes = await StartAsync(new() { Limit = 1 });
        await StatusAsync(communes);
        await communes.FaultAsync("kind=503");
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.TooManyRequests);
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await StatusAsync(communes)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        communes.Simulator.Calls.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task Api_without_a_quota_tells_none()
    {
        await using var communes = await StartAsync(new());
        using var response = await communes.Http.GetAsync(Page);
        response.Headers.Contains("X-Rate-Limit-Limit").ShouldBeFalse();
    }

    [Fact]
    public async Task Answers_are_held_back_side_by_side_and_counted_as_busy()
    {
        var delay = TimeSpan.FromSeconds(2);
        await using var communes = await StartAsync(new() { Delay = new DelayRange(delay, delay), Limit = 1 });
        var answered = StatusAsync(communes);
        await _clock.UntilWaitingAsync(delay);
        var refused = StatusAsync(communes);
        await _clock.UntilWaitingAsync(delay);
        (answered.IsCompleted || refused.IsCompleted).ShouldBeFalse();
        communes.Simulator.Calls.Refused.ShouldBe(1);

        _clock.Advance(delay);
        (await answered, await refused).ShouldBe((HttpStatusCode.OK, HttpStatusCode.TooManyRequests));
        (communes.Simulator.Calls.MostAtOnce, communes.Simulator.Calls.AverageAtOnce).ShouldBe((2, 2.0));
    }

    [Fact]
    public void Delays_lie_in_their_range_and_repeat_with_the_seed()
    {
        var range = new DelayRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        var drawn = Draw(new SeededDelay(range, 7));
        drawn.ShouldAllBe(delay => delay >= range.Least && delay <= range.Most);
        drawn.Max().ShouldBeGreaterThan(TimeSpan.FromSeconds(2.8));
        drawn.Min().ShouldBeLessThan(TimeSpan.FromSeconds(1.2));
        Draw(new SeededDelay(range, 7)).ShouldBe(drawn);
        Draw(new SeededDelay(range, 8)).ShouldNotBe(drawn);

        static TimeSpan[] Draw(SeededDelay delays) => [.. Enumerable.Range(0, 200).Select(_ => delays.Next())];
    }

    public static TheoryData<SimulatorOptions, string> OutsideTheirRange() => new()
    {
        { new() { Scale = 0 }, "scale is 0" },
        { new() { Limit = -1 }, "limit is -1" },
        { new() { Interval = TimeSpan.Zero }, "interval is" },
        { new() { Rubbish = 1.5 }, "rubbish is 1.5" },
        { new() { Delay = new DelayRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) }, "delay is" },
    };

    [Theory]
    [MemberData(nameof(OutsideTheirRange))]
    public async Task Option_outside_its_range_is_refused(SimulatorOptions options, string message) =>
        (await Should.ThrowAsync<ArgumentException>(() => RunningSimulator.StartAsync("communes", options, default))).Message.ShouldContain(message);

    private Task<Client> StartAsync(SimulatorOptions options) => Client.StartAsync("communes", options with { Time = _clock });

    private static async Task<HttpStatusCode> StatusAsync(Client client)
    {
        using var response = await client.Http.GetAsync(Page);
        return response.StatusCode;
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
