using Tidemark.Destinations;

namespace Tidemark.Lookups;

/// <summary>How a lookup stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kept">What its table tells.</param>
/// <param name="Counts">What was counted, over all processes, as far as it was written.</param>
/// <param name="Searches">Rows of the history by type; empty where there is none.</param>
public sealed record LookupFigures(string Name, KeptFigures Kept, LookupCounts Counts, IReadOnlyDictionary<string, long> Searches)
{
    /// <summary>How often an entry was served on average.</summary>
    public double AverageReuse => Kept.Entries == 0 ? 0 : (double)Kept.Hits / Kept.Entries;

    /// <summary>The share of answers that were not bought; null: there was none yet.</summary>
    public double? HitRatio => Counts.Hits + Counts.Misses == 0 ? null : (double)Counts.Hits / (Counts.Hits + Counts.Misses);

    /// <summary>What its alerts are held against; null: there are none.</summary>
    public LookupAlerts? Limits { get; init; }

    /// <summary>What a unit of cost is worth; null: not known.</summary>
    public double? Price { get; init; }

    /// <summary>What the price is in.</summary>
    public string? Currency { get; init; }
}
