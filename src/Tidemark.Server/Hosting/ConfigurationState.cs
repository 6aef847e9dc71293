using System.Diagnostics.Metrics;

namespace Tidemark.Server.Hosting;

/// <summary>How the configuration stands: since when the one that holds does, and why a newer one was refused. Safe for any number of tasks.</summary>
internal sealed class ConfigurationState : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Meter _meter = new("Tidemark");
    private volatile Standing _standing;

    public ConfigurationState(TimeProvider time)
    {
        _time = time;
        _standing = new Standing(time.GetUtcNow(), Problem: null);
        _meter.CreateObservableGauge("tidemark.config.last_reload_successful", () => _standing.Problem is null ? 1 : 0, description: "1: the server works by the file as it is; 0: its last change was refused.");
        _meter.CreateObservableGauge("tidemark.config.last_reload_success_time", () => (_standing.Since - DateTimeOffset.UnixEpoch).TotalSeconds, "s", "When the configuration that holds was taken, since the epoch.");
    }

    /// <summary>Since when the configuration holds.</summary>
    public DateTimeOffset Since => _standing.Since;

    /// <summary>Why a newer one was refused; null: none was.</summary>
    public string? Problem => _standing.Problem;

    public void Taken() => _standing = new Standing(_time.GetUtcNow(), Problem: null);

    public void Refused(string problem) => _standing = _standing with { Problem = problem };

    public void Dispose() => _meter.Dispose();

    private sealed record Standing(DateTimeOffset Since, string? Problem);
}
