using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>
/// Forecasts by doing: all calls that are left are made on a virtual clock, through the rules of the real quotas. So what holds for the one (windows, paces, budgets of days of 23 hours, reserves, what
/// was spent before) holds for the other.
/// </summary>
internal static class Simulation
{
    /// <summary>An import of a million calls; beyond that nobody waits for a forecast.</summary>
    private const long MostEvents = 8_000_000;

    /// <summary>Forecasts the streams of a run.</summary>
    /// <param name="streams">What they have to do, in their order.</param>
    /// <param name="quotas">All quotas that they name.</param>
    /// <param name="parallelStreams">How many streams run side by side.</param>
    /// <param name="now">The present, by the ledger's clock.</param>
    /// <param name="callsEnd">True if whoever made the calls that are on their way is alive, so that they end soon.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A forecast a stream; null: it would take too long to tell.</returns>
    public static IReadOnlyList<StreamForecast>? Run(
        IReadOnlyList<StreamWork> streams, IReadOnlyDictionary<string, QuotaNow> quotas, int parallelStreams, DateTimeOffset now, bool callsEnd = false, CancellationToken cancellationToken = default)
    {
        var clock = new VirtualClock(now);
        var live = quotas.ToDictionary(q => q.Key, q => new SimulatedQuota(q.Key, q.Value.Definition, QuotaStateText.Read(q.Value.State), clock), StringComparer.Ordinal);
        if (callsEnd) EndCalls(streams, live.Values, clock);
        var all = new List<SimulatedStream>();
        var (begun, running) = (0, 0);
        void BeginMore()
        {
            while (begun < streams.Count && running < parallelStreams && !Waits(streams[begun]))
            {
                running++;
                all[begun++].Begin();
            }
        }

        bool Waits(StreamWork work) => work.After is { } before && streams.Index().Any(s => s.Item.Stream == before && all[s.Index].Times.EndedAt is null);
        all.AddRange(streams.Select(work => new SimulatedStream(work, live, clock, () =>
        {
            running--;
            clock.After(0, BeginMore);
        })));
        BeginMore();
        if (!clock.Run(MostEvents, cancellationToken)) return null;
        return [.. streams.Zip(all).Select(s => ForecastOf(s.First, s.Second, now))];
    }

    private static void EndCalls(IReadOnlyList<StreamWork> streams, IEnumerable<SimulatedQuota> quotas, VirtualClock clock)
    {
        var latencies = streams.ToDictionary(s => s.Stream, s => QuotaTimeline.Of(s.Latency), StringComparer.Ordinal);
        foreach (var quota in quotas)
        {
            foreach (var call in quota.Flying) clock.After(latencies.GetValueOrDefault(call.Stream), () => quota.Settle(call.Id));
        }
    }

    private static StreamForecast ForecastOf(StreamWork work, SimulatedStream stream, DateTimeOffset now)
    {
        var (began, ended) = stream.Times;
        return new StreamForecast(work.Stream, now + QuotaTimeline.Span(began), now + QuotaTimeline.Span(ended ?? began))
        {
            Calls = stream.Calls,
            Questions = stream.Slots?.Asked ?? 0,
            Parks = stream.Waits.Parks + (stream.Slots?.Waits.Parks ?? 0),
            Bottleneck = stream.Bottleneck(),
        };
    }
}
