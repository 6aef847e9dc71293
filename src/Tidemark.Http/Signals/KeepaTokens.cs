using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Http.Signals;

/// <summary>The bucket of tokens that Keepa tells of in each answer, also in refusals. A call runs while the balance is above 0, and may drive it below.</summary>
/// <param name="Left">The balance.</param>
/// <param name="RefillPerMinute">Tokens that come back, once a minute; null: it does not say.</param>
/// <param name="RefillIn">When they come back the next time; null: it does not say.</param>
/// <param name="Consumed">What the call cost; null: it does not say.</param>
internal readonly record struct KeepaTokens(double Left, double? RefillPerMinute, TimeSpan? RefillIn, double? Consumed)
{
    private const double MinutesKept = 60;

    private static readonly JsonPath LeftAt = JsonPath.Parse("tokensLeft");
    private static readonly JsonPath RateAt = JsonPath.Parse("refillRate");
    private static readonly JsonPath RefillAt = JsonPath.Parse("refillIn");
    private static readonly JsonPath ConsumedAt = JsonPath.Parse("tokensConsumed");

    /// <summary>What the bucket holds at most: tokens expire after an hour.</summary>
    public double? Capacity => RefillPerMinute * MinutesKept;

    /// <summary>How long no call runs at all; null: one does.</summary>
    public TimeSpan? Wait
    {
        get
        {
            if (Left > 0 || RefillIn is not { } first) return null;
            // The first refill comes at RefillIn, the others a minute apart; it takes as many as lift the balance above 0.
            var more = RefillPerMinute is { } rate ? Math.Floor(-Left / rate) : 0;
            return first + TimeSpan.FromMinutes(Math.Min(more, 1e6));
        }
    }

    /// <summary>Reads a body; null if it tells of no tokens.</summary>
    /// <param name="body">The body.</param>
    public static KeepaTokens? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            if (body.IsEmpty || BodyNumber.At(LeftAt, body) is not { } left) return null;
            var refill = BodyNumber.At(RefillAt, body) is { } ms and >= 0 and < 1e12 ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
            return new KeepaTokens(left, BodyNumber.At(RateAt, body) is { } rate and > 0 ? rate : null, refill, BodyNumber.At(ConsumedAt, body) is { } cost and >= 0 ? cost : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
