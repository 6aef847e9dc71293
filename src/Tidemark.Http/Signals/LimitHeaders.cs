namespace Tidemark.Http.Signals;

/// <summary>Reads headers that name one number each: <c>X-RateLimit-*</c> (GitHub), <c>X-Rate-Limit-*</c> (Gravitee) and <c>RateLimit-*</c> (older IETF drafts).</summary>
internal static class LimitHeaders
{
    private static readonly string[] Families = ["X-RateLimit-", "X-Rate-Limit-", "RateLimit-"];

    /// <summary>What is left, by family. A reset in the past means nothing: what it was told with is past, too.</summary>
    /// <param name="header">A header's value by its name.</param>
    /// <param name="server">The server's own clock.</param>
    public static IEnumerable<LimitLeft> Read(Func<string, string?> header, ClockReading server)
    {
        foreach (var family in Families)
        {
            var remaining = ResetTime.Number(header(family + "Remaining"))
                ?? (ResetTime.Number(header(family + "Limit")) - ResetTime.Number(header(family + "Used")) is { } rest ? Math.Max(0, rest) : null);
            var reset = header(family + "Reset") is { } text ? ResetTime.Read(text, server) : null;
            if (reset <= TimeSpan.Zero || (remaining is null && reset is null)) continue;
            yield return new LimitLeft(remaining, reset);
        }
    }
}
