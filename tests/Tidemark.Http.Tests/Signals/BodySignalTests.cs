using System.Text;
using Tidemark.Http.Signals;
using Tidemark.Quotas;

namespace Tidemark.Http.Tests.Signals;

public sealed class BodySignalTests
{
    [Fact]
    public void Keepa_tells_its_balance_in_a_refusal_too()
    {
        var tokens = KeepaTokens.Read("""{"timestamp":1,"tokensLeft":-37,"refillIn":41234,"refillRate":20,"tokensConsumed":0,"error":{"type":"NOT_ENOUGH_TOKEN"}}"""u8)!.Value;

        var word = QuotaWord.With(new QuotaAnswer(), tokens);

        // -37 + 20 after 41.234 s is not enough; a minute later there are 3.
        word.ShouldBe(new QuotaAnswer { Cost = 0, Balance = -37, Capacity = 1200, RefillPerSecond = 20 / 60.0, RetryAfter = TimeSpan.FromMilliseconds(101_234) });
    }

    [Theory]
    [InlineData(1, 20, null)]
    [InlineData(0, 20, 10.0)]
    [InlineData(-19, 20, 10.0)]
    [InlineData(-20, 20, 70.0)]
    [InlineData(-39, 20, 70.0)]
    [InlineData(-40, 20, 130.0)]
    public void Keepa_runs_a_call_as_soon_as_the_balance_is_above_zero(double left, double rate, double? seconds) =>
        (new KeepaTokens(left, rate, TimeSpan.FromSeconds(10), null).Wait?.TotalSeconds).ShouldBe(seconds);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"tokensLeft":"many"}""")]
    [InlineData("""{"tokensLeft":null}""")]
    [InlineData("""{"products":[{"tokensLeft":5}]}""")]
    [InlineData("""{"a":""")]
    [InlineData("<html>")]
    public void Body_without_tokens_tells_none(string body) => KeepaTokens.Read(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Fact]
    public void Keepa_without_the_rest_tells_the_balance_only() =>
        QuotaWord.With(new QuotaAnswer(), KeepaTokens.Read("""{"tokensLeft":5,"refillRate":0,"refillIn":-1,"tokensConsumed":-3}"""u8)!.Value).ShouldBe(new QuotaAnswer { Balance = 5 });

    [Fact]
    public void Query_that_ran_tells_its_true_cost_and_the_bucket()
    {
        var cost = QueryPrice.Read("""
            {"data":{"a":[]},"extensions":{"cost":{"requestedQueryCost":202,"actualQueryCost":46,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":954,"restoreRate":50.0}}}}
            """u8)!;

        cost.Throttled.ShouldBeFalse();
        cost.Requested.ShouldBe(202);
        QuotaWord.With(new QuotaAnswer(), cost).ShouldBe(new QuotaAnswer { Cost = 46, Balance = 954, Capacity = 1000, RefillPerSecond = 50 });
    }

    [Fact]
    public void Throttled_query_waits_for_what_is_missing()
    {
        var cost = QueryPrice.Read("""
            {"errors":[{"message":"other"},{"message":"Throttled","extensions":{"code":"THROTTLED"}}],
             "extensions":{"cost":{"requestedQueryCost":752,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":666,"restoreRate":50.0}}}}
            """u8)!;

        (cost.Throttled, cost.NeverFits, cost.Wait).ShouldBe((true, false, TimeSpan.FromSeconds(1.721)));
        QuotaWord.With(new QuotaAnswer(), cost).ShouldBe(new QuotaAnswer { RetryAfter = TimeSpan.FromSeconds(1.721), Balance = 666, Capacity = 1000, RefillPerSecond = 50 });
        // The server's own Retry-After wins.
        QuotaWord.With(new QuotaAnswer { RetryAfter = TimeSpan.FromSeconds(9) }, cost).RetryAfter.ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void Query_that_never_fits_knows_no_wait_that_helps()
    {
        var cost = new QueryPrice { Throttled = true, Requested = 1202, Maximum = 1000, Available = 900, RestorePerSecond = 50 };

        (cost.NeverFits, cost.Wait).ShouldBe((true, null));
    }

    [Theory]
    [InlineData("""{"errors":[{"extensions":{"code":"THROTTLED"}}]}""", true)]
    [InlineData("""{"errors":[{"extensions":{"code":"THROTTLED"}}],"extensions":{"cost":7}}""", true)]
    [InlineData("""{"errors":[{"extensions":{"code":"throttled"}}],"extensions":{"cost":{}}}""", false)]
    [InlineData("""{"errors":"THROTTLED","extensions":{"cost":{"requestedQueryCost":"much","throttleStatus":[]}}}""", false)]
    public void Odd_bodies_tell_what_can_be_read(string body, bool throttled)
    {
        var cost = QueryPrice.Read(Encoding.UTF8.GetBytes(body))!;

        (cost.Throttled, cost.Requested, cost.Wait).ShouldBe((throttled, null, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":{},"extensions":{"cost":{"req""")]
    [InlineData("<html>")]
    public void Body_without_cost_tells_none(string body) => QueryPrice.Read(Encoding.UTF8.GetBytes(body)).ShouldBeNull();
}
