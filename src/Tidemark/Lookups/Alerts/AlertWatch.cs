using Tidemark.Telemetry;

namespace Tidemark.Lookups.Alerts;

/// <summary>Sees when the alerts of a lookup start and when they are over. Of several processes with one store, one is given each turn.</summary>
/// <param name="id">The lookup as the store knows it.</param>
/// <param name="store">What is kept of alerts.</param>
/// <param name="labels">For what is measured.</param>
/// <param name="time">The clock.</param>
internal sealed class AlertWatch(string id, ILookupStore store, StreamLabels labels, TimeProvider time)
{
    /// <summary>How long whoever is given a turn has for telling it; then the next one who looks is given it.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(5);

    /// <summary>Measures alerts, and gives the turns that have to be told by this process.</summary>
    public async Task<IReadOnlyList<LookupAlertTurn>> SeeAsync(IReadOnlyList<LookupAlert> alerts, CancellationToken cancellationToken)
    {
        foreach (var alert in alerts) TidemarkMeter.TellLookupAlert(alert.Name, alert.IsOn, labels);
        var turns = new List<LookupAlertTurn>();
        foreach (var alert in alerts)
        {
            if (await store.TakeAlertAsync(id, alert.Name, alert.IsOn, time.GetUtcNow(), Held, cancellationToken) is { } span) turns.Add(new LookupAlertTurn(alert, span.StartedAt, span.EndedAt));
        }
        return turns;
    }

    /// <summary>A turn was told: nobody is given it again.</summary>
    public Task ToldAsync(LookupAlertTurn turn, CancellationToken cancellationToken) => store.EndAlertAsync(id, turn.Alert.Name, turn.Alert.IsOn, cancellationToken);
}
