using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Http.Signals;

/// <summary>What a GraphQL query costs, and the bucket that it is paid from, as Shopify tells it in <c>extensions.cost</c>.</summary>
internal sealed record QueryPrice
{
    private static readonly JsonPath CostAt = JsonPath.Parse("extensions.cost");
    private static readonly JsonPath RequestedAt = JsonPath.Parse("requestedQueryCost");
    private static readonly JsonPath ActualAt = JsonPath.Parse("actualQueryCost");
    private static readonly JsonPath MaximumAt = JsonPath.Parse("throttleStatus.maximumAvailable");
    private static readonly JsonPath AvailableAt = JsonPath.Parse("throttleStatus.currentlyAvailable");
    private static readonly JsonPath RestoreAt = JsonPath.Parse("throttleStatus.restoreRate");
    private static readonly JsonPath CodesAt = JsonPath.Parse("errors[*].extensions.code");

    /// <summary>What has to be there before it runs; null: it does not say.</summary>
    public double? Requested { get; init; }

    /// <summary>What it cost in truth; null: it did not run.</summary>
    public double? Actual { get; init; }

    /// <summary>The most that the bucket holds; null: it does not say.</summary>
    public double? Maximum { get; init; }

    /// <summary>What it holds now; null: it does not say.</summary>
    public double? Available { get; init; }

    /// <summary>What comes back in a second; null: it does not say.</summary>
    public double? RestorePerSecond { get; init; }

    /// <summary>True if the query was refused because there was too little.</summary>
    public bool Throttled { get; init; }

    /// <summary>True if waiting never helps: the bucket holds less than the query costs.</summary>
    public bool NeverFits => Requested > Maximum;

    /// <summary>How long it takes until there is enough for a query that was refused; null: no wait is known to help.</summary>
    public TimeSpan? Wait
    {
        get
        {
            if (!Throttled || NeverFits || Requested is not { } requested || Available is not { } available || RestorePerSecond is not { } rate) return null;
            var missing = requested - available;
            // A millisecond more, so that no rounding on either side makes it too short.
            return missing > 0 ? TimeSpan.FromSeconds(Math.Min((missing / rate) + 0.001, TimeSpan.FromDays(3650).TotalSeconds)) : null;
        }
    }

    /// <summary>Reads a body; null if it tells neither of a cost nor of a refusal.</summary>
    /// <param name="body">The body.</param>
    public static QueryPrice? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            if (body.IsEmpty) return null;
            var throttled = IsThrottled(body);
            if (!CostAt.TryFind(body, out var slice)) return throttled ? new QueryPrice { Throttled = true } : null;
            var cost = body.Slice(slice.Offset, slice.Length);
            return new QueryPrice
            {
                Requested = BodyNumber.At(RequestedAt, cost) is { } requested and > 0 ? requested : null,
                Actual = BodyNumber.At(ActualAt, cost) is { } actual and >= 0 ? actual : null,
                Maximum = BodyNumber.At(MaximumAt, cost) is { } maximum and > 0 ? maximum : null,
                Available = BodyNumber.At(AvailableAt, cost),
                RestorePerSecond = BodyNumber.At(RestoreAt, cost) is { } rate and > 0 ? rate : null,
                Throttled = throttled,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsThrottled(ReadOnlySpan<byte> body)
    {
        var codes = new List<RecordSlice>();
        CodesAt.Collect(body, codes);
        foreach (var code in codes)
        {
            if (body.Slice(code.Offset, code.Length).SequenceEqual("\"THROTTLED\""u8)) return true;
        }
        return false;
    }
}
