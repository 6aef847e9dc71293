using Tidemark.Http.Signals;
using Tidemark.Quotas;

namespace Tidemark.Http.Tests.Signals;

public sealed class LimitSignalTests
{
    private const QuotaSignals All = QuotaSignals.RetryAfter | QuotaSignals.Headers;

    // Epoch 1768046400.
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClockReading Server = new(Now, Now);

    [Theory]
    [InlineData("30", 30.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 0.0)]
    [InlineData("999999999", 999_999_999.0)]
    [InlineData("1768046460", 60.0)]
    [InlineData("1768046460.5", 60.5)]
    [InlineData("1768046460250", 60.25)]
    [InlineData("1768046340", -60.0)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("-5", null)]
    [InlineData("NaN", null)]
    [InlineData("1e3", null)]
    [InlineData("99999999999999999999999", null)]
    public void Reset_is_read_by_its_size(string text, double? seconds) =>
        (ResetTime.Read(text, Server)?.TotalSeconds).ShouldBe(seconds);

    [Fact]
    public void Epoch_is_taken_against_the_clock_of_the_server() =>
        ResetTime.Read("1768046460", new ClockReading(Now.AddSeconds(50), Now.AddMilliseconds(50_900))).ShouldBe(TimeSpan.FromSeconds(10));

    [Fact]
    public void Milliseconds_are_taken_against_what_is_known_of_the_clock_beyond_its_date() =>
        ResetTime.Read("1768046460000", new ClockReading(Now.AddSeconds(50), Now.AddMilliseconds(50_900))).ShouldBe(TimeSpan.FromMilliseconds(9_100));

    [Theory]
    [InlineData("x-ratelimit-limit: 5000 | x-ratelimit-remaining: 4987 | x-ratelimit-used: 13 | x-ratelimit-reset: 1768046460", 4987.0, 60.0)]
    [InlineData("X-RateLimit-Limit: 60 | X-RateLimit-Used: 45 | X-RateLimit-Reset: 1768046460", 15.0, 60.0)]
    [InlineData("X-RateLimit-Limit: 60 | X-RateLimit-Used: 61 | X-RateLimit-Reset: 1768046460", 0.0, 60.0)]
    [InlineData("X-Rate-Limit-Limit: 30 | X-Rate-Limit-Remaining: 7 | X-Rate-Limit-Reset: 1768046415000", 7.0, 15.0)]
    [InlineData("RateLimit-Limit: 100 | RateLimit-Remaining: 50 | RateLimit-Reset: 30", 50.0, 30.0)]
    [InlineData("RateLimit-Remaining: 50", 50.0, null)]
    [InlineData("RateLimit-Remaining: 0 | RateLimit-Reset: 0", null, null)]
    [InlineData("X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1768046340", null, null)]
    [InlineData("X-RateLimit-Remaining: many | X-RateLimit-Reset: tomorrow", null, null)]
    [InlineData("X-RateLimit-Remaining: 9 | X-RateLimit-Reset: 40 | RateLimit-Remaining: 3 | RateLimit-Reset: 20", 3.0, 20.0)]
    [InlineData("X-RateLimit-Remaining: 3 | X-RateLimit-Reset: 40 | RateLimit-Remaining: 3 | RateLimit-Reset: 20", 3.0, 40.0)]
    [InlineData("RateLimit: \"default\";r=50;t=30", 50.0, 30.0)]
    [InlineData("RateLimit: default;r=50;t=30", 50.0, 30.0)]
    [InlineData("RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400 | RateLimit: \"burst\";r=80;t=12, \"daily\";r=5;t=40000", 5.0, 40_000.0)]
    [InlineData("RateLimit-Policy: \"burst\";q=100;w=60 | RateLimit: \"burst\";r=80", 80.0, 60.0)]
    [InlineData("RateLimit-Policy: \"bytes\";q=9;qu=\"content-bytes\";w=60,\"calls\";q=9;w=60 | RateLimit: \"bytes\";r=1;t=9, \"calls\";r=4;t=8", 4.0, 8.0)]
    [InlineData("RateLimit: \"a,b;\\\"c\";r=1;t=2;pk=:Zm9v:, \"d\";r=9;t=9", 1.0, 2.0)]
    [InlineData("RateLimit: limit=100, remaining=40, reset=20", 40.0, 20.0)]
    [InlineData("RateLimit: \"broken;r=1;t=2", null, null)]
    [InlineData("RateLimit: ;;,,=;r=;t=\"", null, null)]
    [InlineData("RateLimit-Policy: \"burst\";q=100;w=60", null, null)]
    [InlineData("Content-Type: application/json", null, null)]
    public void Headers_tell_what_is_left_and_when_it_begins_anew(string headers, double? remaining, double? seconds)
    {
        var word = QuotaWord.OfHeaders(All, 200, Of(headers), Server);

        (word.Remaining, word.ResetAfter?.TotalSeconds).ShouldBe((remaining, seconds));
        word.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public void Refusal_that_tells_only_when_it_begins_anew_has_nothing_left()
    {
        var headers = Of("X-RateLimit-Reset: 40");

        QuotaWord.OfHeaders(All, 429, headers, Server).Remaining.ShouldBe(0);
        QuotaWord.OfHeaders(All, 200, headers, Server).Remaining.ShouldBeNull();
    }

    [Theory]
    [InlineData("32/40", 8.0, 40.0)]
    [InlineData("40/40", 0.0, 40.0)]
    [InlineData("41/40", -1.0, 40.0)]
    [InlineData("32", null, null)]
    [InlineData("a/b", null, null)]
    [InlineData("1/0", null, null)]
    public void Call_limit_of_a_shop_is_a_bucket(string header, double? balance, double? capacity)
    {
        var word = QuotaWord.OfHeaders(All, 200, Of("X-Shopify-Shop-Api-Call-Limit: " + header), Server);

        (word.Balance, word.Capacity, word.RefillPerSecond).ShouldBe((balance, capacity, balance is null ? null : 2));
    }

    [Theory]
    [InlineData(QuotaSignals.None, null, null)]
    [InlineData(QuotaSignals.RetryAfter, 9.0, null)]
    [InlineData(QuotaSignals.Headers, null, 3.0)]
    [InlineData(QuotaSignals.Keepa, null, null)]
    [InlineData(QuotaSignals.RetryAfter | QuotaSignals.Headers, 9.0, 3.0)]
    public void Only_what_is_listened_to_is_heard(QuotaSignals signals, double? retryAfter, double? remaining)
    {
        var word = QuotaWord.OfHeaders(signals, 429, Of("Retry-After: 9 | RateLimit-Remaining: 3 | RateLimit-Reset: 30"), Server);

        (word.RetryAfter?.TotalSeconds, word.Remaining).ShouldBe((retryAfter, remaining));
    }

    [Fact]
    public void Retry_after_wins_over_the_reset()
    {
        var word = QuotaWord.OfHeaders(All, 429, Of("Retry-After: 9 | RateLimit-Remaining: 0 | RateLimit-Reset: 30"), Server);

        QuotaWord.Wait(word).ShouldBe(TimeSpan.FromSeconds(9));
        QuotaWord.Wait(word with { RetryAfter = null }).ShouldBe(TimeSpan.FromSeconds(30));
        QuotaWord.Wait(word with { RetryAfter = null, Remaining = 1 }).ShouldBeNull();
    }

    private static Func<string, string?> Of(string headers)
    {
        var map = headers.Split(" | ").Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        return name => map.GetValueOrDefault(name);
    }
}
