using System.Globalization;
using Tidemark.Lookups;
using Tidemark.Lookups.Alerts;

namespace Tidemark.Cli.Output;

/// <summary>How lookups stand, for people.</summary>
internal static class LookupText
{
    public static IEnumerable<string> Lines(IReadOnlyList<LookupFigures> lookups)
    {
        foreach (var lookup in lookups)
        {
            var (kept, counts) = (lookup.Kept, lookup.Counts);
            yield return $"{lookup.Name}: {Terminal.Number(kept.Entries)} {(kept.Entries == 1 ? "entry" : "entries")}{(kept.Bytes is { } bytes ? $", {Size(bytes)}" : "")}";
            yield return $"  served    {Terminal.Number(counts.Hits)} hits, {Terminal.Number(counts.Misses)} {(counts.Misses == 1 ? "miss" : "misses")}{(lookup.HitRatio is { } ratio ? $": {Percent(ratio)} from what is kept" : "")}";
            if (counts.Stale + counts.Negative + counts.Failures > 0)
                yield return $"            {Terminal.Number(counts.Stale)} of the hits stale, {Terminal.Number(counts.Negative)} that there is no answer; {Terminal.Number(counts.Failures)} requests failed";
            yield return $"  reuse     an entry was served {lookup.AverageReuse.ToString("0.##", CultureInfo.InvariantCulture)} times on average";
            yield return $"  expired   {Terminal.Number(kept.Expired)}, {Terminal.Number(kept.Overdue)} of them due to be deleted";
            yield return $"  cost      {Terminal.Number(Math.Round(counts.CostSpent, 2))} spent in {Terminal.Number(counts.Calls)} {(counts.Calls == 1 ? "call" : "calls")}, {Terminal.Number(Math.Round(counts.CostSaved, 2))} saved{Saving(counts)}";
            foreach (var alert in lookup.Limits is { } limits ? LookupAlert.Judge(limits, lookup).Where(a => a.IsOn) : []) yield return $"  alert     {alert.Name}: {alert.Message}";
            if (lookup.Price is { } price) yield return $"  money     {Money(counts.CostSpent * price, lookup.Currency)} spent, {Money(counts.CostSaved * price, lookup.Currency)} saved";
        }
        // Several lookups may have one history: what is in it is told once.
        foreach (var (type, count) in lookups.SelectMany(l => l.Searches).DistinctBy(s => s.Key, StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal)) yield return $"searches of type {type}: {Terminal.Number(count)}";
        if (lookups.Count == 0) yield return "the configuration has no lookups";
    }

    private static string Saving(LookupCounts counts) => counts.CostSpent + counts.CostSaved > 0 ? $" ({Percent(counts.CostSaved / (counts.CostSpent + counts.CostSaved))})" : "";

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Money(double amount, string? currency) => $"{amount.ToString("0.00##", CultureInfo.InvariantCulture)} {currency}".TrimEnd();

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{Terminal.Number(Math.Round(bytes / 1024.0, 1))} KiB" : $"{Terminal.Number(Math.Round(bytes / 1048576.0, 1))} MiB";
}
