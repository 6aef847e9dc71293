using Tidemark.Definitions;

namespace Tidemark.Lookups;

/// <summary>When the keeper of a lookup's table is told. Looked at every hour, after the clean-up.</summary>
public sealed record LookupAlerts
{
    /// <summary>More entries than this; default 10 000.</summary>
    public long Entries { get; init; } = 10_000;

    /// <summary>Served less often than this on average; default 2.</summary>
    public double AverageReuse { get; init; } = 2;

    /// <summary>More than this share of the rows is past the time at which it should be gone; default 0.2.</summary>
    public double Expired { get; init; } = 0.2;

    /// <summary>Where an alert is posted, when it begins and when it is over; null (default): nowhere.</summary>
    public Secret? Webhook { get; init; }
}
