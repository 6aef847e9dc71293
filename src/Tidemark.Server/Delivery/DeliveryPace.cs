namespace Tidemark.Server.Delivery;

/// <summary>How long a delivery waits before it is tried again: twice as long each time, from a second to half a minute, and spread, so that several streams don't come at one moment.</summary>
internal sealed class DeliveryPace(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The wait after another failure.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.75 + (random.NextDouble() / 4));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>It went well.</summary>
    public void Reset() => _next = First;
}
