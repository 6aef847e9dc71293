using System.Diagnostics.Metrics;
using Tidemark.Inboxes;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.Delivery;

/// <summary>What is measured of the inbox, a series a route: 0 where nothing waits.</summary>
internal sealed class InboxMetrics : IDisposable
{
    private readonly Meter _meter = new("Tidemark");

    public InboxMetrics(ServerState state, PushLines lines)
    {
        if (state.Setup.Inbox is not { } inbox) return;
        var (pipeline, time) = (state.Setup.Pipeline.Name, state.Setup.Time);
        IEnumerable<Measurement<T>> Each<T>(Func<InboxDepth?, T> value) where T : struct
        {
            var depths = inbox.Depths.ToDictionary(d => d.Stream, StringComparer.Ordinal);
            return lines.All.Select(l => new Measurement<T>(value(depths.GetValueOrDefault(l.Queue)), new("pipeline", pipeline), new("stream", l.Name)));
        }
        _meter.CreateObservableGauge("tidemark.inbox.depth", () => Each(d => d?.Records ?? 0), "{record}", "Records of asynchronous posts that wait to be delivered.");
        _meter.CreateObservableGauge("tidemark.inbox.size", () => Each(d => d?.Bytes ?? 0), "By", "Bytes that they take.");
        _meter.CreateObservableGauge("tidemark.inbox.age", () => Each(d => d?.Oldest is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0), "s", "How long the oldest of them waits.");
    }

    public void Dispose() => _meter.Dispose();
}
