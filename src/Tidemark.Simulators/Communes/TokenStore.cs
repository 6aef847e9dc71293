using System.Collections.Concurrent;
using System.Globalization;

namespace Tidemark.Simulators.Communes;

/// <summary>The OAuth tokens that have been issued and are still good.</summary>
internal sealed class TokenStore(TimeProvider time)
{
    public const int SecondsToLive = 3600;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiries = new(StringComparer.Ordinal);
    private int _issued;

    public string Issue()
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref _issued)}");
        _expiries[token] = time.GetUtcNow().AddSeconds(SecondsToLive);
        return token;
    }

    public bool IsGood(string token) => _expiries.TryGetValue(token, out var expiry) && time.GetUtcNow() < expiry;

    public void ExpireAll() => _expiries.Clear();
}
