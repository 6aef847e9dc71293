using Tidemark.Definitions;

namespace Tidemark.Lookups;

/// <summary>What of a lookup somebody is told about, as the user described it.</summary>
public sealed record LookupAlerts
{
    /// <summary>More entries than this; default 10 000.</summary>
    public long Entries { get; init; } = 10_000;

    /// <summary>An entry was served less often than this on average; default 2.</summary>
    public double AverageReuse { get; init; } = 2;

    /// <summary>A larger share of the entries than this, 0 to 1, is past its clean-up time; default 0.2.</summary>
    public double Expired { get; init; } = 0.2;

    /// <summary>With fewer entries than this reuse and expiry are not judged, as chance decides them: each lookup begins with entries that nobody has asked for again; default 100.</summary>
    public long MinEntries { get; init; } = 100;

    /// <summary>The address that is posted to when one starts and when it is over; null (default): none. It may hold a secret.</summary>
    public Secret? Webhook { get; init; }

    /// <summary>How often it is looked at while the pipeline is served, above 0; default 1 minute.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
}
