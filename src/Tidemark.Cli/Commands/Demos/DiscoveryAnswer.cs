using System.Text.Json;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What the server answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Json">The body.</param>
/// <param name="CacheStatus">What became of it, in the words of the header.</param>
internal sealed record DiscoveryAnswer(int Status, JsonElement Json, string CacheStatus)
{
    public long HitCount => Json.GetProperty("hit_count").GetInt64();

    public bool Cached => Json.GetProperty("cached").GetBoolean();

    public bool Stale => Status == 200 && Json.GetProperty("stale").GetBoolean();

    public DateTimeOffset ExpiresAt => Json.GetProperty("expires_at").GetDateTimeOffset();
}
