namespace Tidemark.Http.Signals;

/// <summary>
/// Reads <c>RateLimit</c> and <c>RateLimit-Policy</c> of the IETF draft 11, in which a server names each of its limits: <c>"default";r=50;t=30</c>; and the form of the drafts 7 and 8,
/// which has one: <c>limit=100, remaining=50, reset=30</c>.
/// </summary>
internal static class LimitPolicies
{
    /// <summary>What is left, by policy.</summary>
    /// <param name="limits">The header RateLimit.</param>
    /// <param name="policies">The header RateLimit-Policy.</param>
    public static IEnumerable<LimitLeft> Read(string? limits, string? policies)
    {
        var items = StructuredItem.ReadAll(limits).ToList();
        var known = StructuredItem.ReadAll(policies).DistinctBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => p.Params, StringComparer.Ordinal);
        foreach (var item in items)
        {
            var policy = known.GetValueOrDefault(item.Name);
            // A policy may count bytes, or calls at the same time: neither says how many calls are left.
            if (policy?.GetValueOrDefault("qu") is not (null or "requests")) continue;
            if (ResetTime.Number(item.Params.GetValueOrDefault("r")) is not { } left) continue;
            // Where the server does not say when, the whole window of its policy is the latest.
            if (Seconds(item.Params.GetValueOrDefault("t") ?? policy?.GetValueOrDefault("w")) is { } reset && reset > TimeSpan.Zero) yield return new LimitLeft(left, reset);
        }
        if (ResetTime.Number(Member(items, "remaining")) is { } one && Seconds(Member(items, "reset")) is { } until && until > TimeSpan.Zero) yield return new LimitLeft(one, until);
    }

    private static string? Member(List<StructuredItem> items, string name) => items.Find(i => string.Equals(i.Name, name, StringComparison.Ordinal))?.Value;

    private static TimeSpan? Seconds(string? text) => ResetTime.Number(text) is { } seconds and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
}
