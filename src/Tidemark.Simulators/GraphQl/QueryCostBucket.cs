using System.Text.Json;

namespace Tidemark.Simulators.GraphQl;

/// <summary>A leaky bucket of query cost, as Shopify keeps it: 1000 at most, refilled in 20 seconds or in the given time.</summary>
internal sealed class QueryCostBucket(TimeProvider time, TimeSpan? refill)
{
    private const double Most = 1000;

    private readonly double _restoreRate = Most / (refill ?? TimeSpan.FromSeconds(20)).TotalSeconds;
    private readonly Lock _lock = new();
    private double _available = Most;
    private long _at = time.GetTimestamp();

    public bool TrySpend(int cost)
    {
        lock (_lock)
        {
            Restore();
            if (_available < cost)
                return false;
            _available -= cost;
            return true;
        }
    }

    public void GiveBack(int cost)
    {
        lock (_lock)
            _available = Math.Min(Most, _available + cost);
    }

    public void Fill() => GiveBack((int)Most);

    public void Write(Utf8JsonWriter json, int requested, int? actual)
    {
        json.WriteStartObject("extensions");
        json.WriteStartObject("cost");
        json.WriteNumber("requestedQueryCost", requested);
        json.WritePropertyName("actualQueryCost");
        if (actual is { } known)
            json.WriteNumberValue(known);
        else
            json.WriteNullValue();
        json.WriteStartObject("throttleStatus");
        json.WritePropertyName("maximumAvailable");
        json.WriteRawValue("1000.0");
        lock (_lock)
        {
            Restore();
            json.WriteNumber("currentlyAvailable", (int)_available);
        }

        json.WriteNumber("restoreRate", _restoreRate);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Restore()
    {
        var now = time.GetTimestamp();
        _available = Math.Min(Most, _available + (time.GetElapsedTime(_at, now).TotalSeconds * _restoreRate));
        _at = now;
    }
}
