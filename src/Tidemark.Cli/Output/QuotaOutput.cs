using Tidemark.Quotas;

namespace Tidemark.Cli.Output;

/// <summary>How quotas stand, for people.</summary>
internal static class QuotaOutput
{
    public static IEnumerable<string> Lines(IReadOnlyList<QuotaStatus> quotas)
    {
        var about = quotas.SelectMany(q => q.Meters).Select(m => m.About.Length).DefaultIfEmpty(0).Max();
        foreach (var quota in quotas)
        {
            yield return $"{quota.Quota}: {(quota.FreeAt is { } free ? $"all free again at {Terminal.Time(free)}" : "all free")}";
            foreach (var meter in quota.Meters)
            {
                var spent = meter.Spent is { } value ? $"{Terminal.Number(value)} spent, " : "";
                yield return $"  {meter.Kind.ToString().ToLowerInvariant(),-6}   {meter.About.PadRight(about)}   {spent}{Terminal.Number(meter.Left)} left{(meter.FreeAt is { } at ? $"   free again at {Terminal.Time(at)}" : "")}";
            }
            if (quota.CallsInFlight > 0) yield return $"  on their way: {quota.CallsInFlight} {(quota.CallsInFlight == 1 ? "call" : "calls")}, cost {Terminal.Number(quota.CostInFlight)}";
            if (quota.BlockedUntil is { } until) yield return $"  no call before {Terminal.Time(until)}: the server asked for it";
            foreach (var (stream, spent) in quota.Streams)
                yield return $"  today (UTC), {stream}: {Terminal.Number(spent.Calls)} {(spent.Calls == 1 ? "call" : "calls")}, cost {Terminal.Number(spent.Cost)}";
        }
        if (quotas.Count == 0) yield return "the configuration has no quotas";
    }
}
