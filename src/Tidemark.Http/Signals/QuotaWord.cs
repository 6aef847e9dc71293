using Tidemark.Quotas;

namespace Tidemark.Http.Signals;

/// <summary>Collects what an answer says about the quota, as far as the quota listens. Pure.</summary>
internal static class QuotaWord
{
    /// <summary>What the headers say.</summary>
    /// <param name="signals">What is listened to.</param>
    /// <param name="status">The status.</param>
    /// <param name="header">A header's value by its name.</param>
    /// <param name="server">The server's own clock.</param>
    public static QuotaAnswer OfHeaders(QuotaSignals signals, int status, Func<string, string?> header, ClockReading server)
    {
        var word = new QuotaAnswer();
        if (signals.HasFlag(QuotaSignals.RetryAfter)) word = word with { RetryAfter = RetryAfterHeader.Read(header("Retry-After"), server.Date) };
        if (!signals.HasFlag(QuotaSignals.Headers)) return word;
        if (LimitLeft.Tightest([.. LimitHeaders.Read(header, server), .. LimitPolicies.Read(header("RateLimit"), header("RateLimit-Policy"))]) is { } left)
        {
            // A refusal that tells only when the limit begins anew says that nothing is left of it.
            word = word with { Remaining = left.Remaining ?? (status == 429 ? 0 : null), ResetAfter = left.ResetAfter };
        }
        return CallLimitHeader.Read(header(CallLimitHeader.Name)) is { } bucket
            ? word with { Balance = bucket.Balance, Capacity = bucket.Capacity, RefillPerSecond = CallLimitHeader.LeakPerSecond }
            : word;
    }

    /// <summary>What headers and tokens in the body say; a Retry-After wins over the tokens.</summary>
    /// <param name="word">What the headers say.</param>
    /// <param name="tokens">What the body says.</param>
    public static QuotaAnswer With(QuotaAnswer word, KeepaTokens tokens) => word with
    {
        Cost = tokens.Consumed ?? word.Cost,
        RetryAfter = word.RetryAfter ?? tokens.Wait,
        Balance = tokens.Left,
        Capacity = tokens.Capacity,
        RefillPerSecond = tokens.RefillPerMinute / 60,
    };

    /// <summary>What headers and the query's cost in the body say; a Retry-After wins over the cost.</summary>
    /// <param name="word">What the headers say.</param>
    /// <param name="cost">What the body says.</param>
    public static QuotaAnswer With(QuotaAnswer word, QueryPrice cost) => word with
    {
        Cost = cost.Actual ?? word.Cost,
        RetryAfter = word.RetryAfter ?? cost.Wait,
        Balance = cost.Available ?? word.Balance,
        Capacity = cost.Maximum ?? word.Capacity,
        RefillPerSecond = cost.RestorePerSecond ?? word.RefillPerSecond,
    };

    /// <summary>How long the server wants no call; null: it allows the next one.</summary>
    /// <param name="word">What it says.</param>
    public static TimeSpan? Wait(QuotaAnswer word) => word.RetryAfter ?? (word.Remaining <= 0 ? word.ResetAfter : null);
}
