using System.Globalization;
using Tidemark.Lookups;

namespace Tidemark.Server.Lookups;

/// <summary>What headers tell of an answer: <c>Age</c> (RFC 9111) and <c>Cache-Status</c> (RFC 9211).</summary>
internal static class CacheHeaders
{
    public static void Set(IHeaderDictionary headers, LookupAnswer answer, DateTimeOffset now)
    {
        headers.Age = Whole(now > answer.CreatedAt ? now - answer.CreatedAt : TimeSpan.Zero);
        headers["Cache-Status"] = StatusOf(answer, Whole(answer.ExpiresAt - now));
        // Answers are kept here, and counted: who keeps them on the way would hide hits.
        headers.CacheControl = "no-store";
    }

    private static string StatusOf(LookupAnswer answer, string ttl) =>
        answer.Stale ? $"tidemark; hit; ttl={ttl}; detail=stale"
        : answer.Collapsed ? $"tidemark; fwd=uri-miss; collapsed; ttl={ttl}"
        : answer.Cached ? $"tidemark; hit; ttl={ttl}"
        : $"tidemark; fwd=uri-miss; stored; ttl={ttl}";

    private static string Whole(TimeSpan span) => ((long)Math.Floor(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
