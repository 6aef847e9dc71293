using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Tests.Traffic;

/// <summary>The rules of the limits told from all calls since the beginning, without any state.</summary>
internal static class NaiveLimits
{
    public static bool Allows(LimiterKind kind, int limit, long interval, IReadOnlyList<(long At, bool Allowed)> past, long now) => kind switch
    {
        LimiterKind.Fixed => past.Count(call => call.Allowed && call.At >= WindowOf(past, interval, now)) < limit,
        LimiterKind.Sliding => past.Count(call => call.Allowed && call.At > now - interval) < limit,
        // From no allowed call on have more passed than the bucket holds and has got since.
        _ => past.Where(call => call.Allowed).All(first =>
            (past.Count(call => call.Allowed && call.At >= first.At) + 1) * interval <= limit * (interval + now - first.At)),
    };

    /// <summary>How many calls would be allowed at one moment.</summary>
    public static int Remaining(LimiterKind kind, int limit, long interval, IReadOnlyList<(long At, bool Allowed)> past, long now)
    {
        var calls = past.ToList();
        var count = 0;
        for (; Allows(kind, limit, interval, calls, now); count++)
            calls.Add((now, true));
        return count;
    }

    private static long WindowOf(IReadOnlyList<(long At, bool Allowed)> past, long interval, long now)
    {
        var start = long.MinValue;
        foreach (var at in past.Select(call => call.At).Append(now))
        {
            if (start == long.MinValue || at >= start + interval)
                start = at;
        }

        return start;
    }
}
