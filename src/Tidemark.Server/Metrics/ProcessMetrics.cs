using System.Diagnostics;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Metrics;

/// <summary>What every Prometheus client tells of its process, by the names that dashboards know.</summary>
internal static class ProcessMetrics
{
    public static IEnumerable<MetricTotal> Read()
    {
        using var process = Process.GetCurrentProcess();
        yield return Of("process.cpu", MetricKind.Counter, "s", "User and system CPU time.", process.TotalProcessorTime.TotalSeconds);
        yield return Of("process.resident_memory", MetricKind.Gauge, "By", "Memory that the process has in RAM.", process.WorkingSet64);
        yield return Of("process.start_time", MetricKind.Gauge, "s", "When the process started, since the epoch.", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
    }

    private static MetricTotal Of(string name, MetricKind kind, string unit, string description, double value) => new() { Name = name, Kind = kind, Unit = unit, Description = description, Value = value, Count = 1 };
}
