using Microsoft.Extensions.Logging;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Cli.Recording;

/// <summary>Points of metrics as lines of a log.</summary>
internal sealed partial class PointLog(ILogger log) : IPointSink
{
    public ValueTask<int> WriteAsync(IReadOnlyList<MetricPoint> points)
    {
        foreach (var point in points)
            LogPoint(log, point.Name, string.Join(' ', point.Labels.Select(l => $"{l.Key}={l.Value}")), point.Value, point.Count, point.Unit);
        // What the log itself can't write it tells on standard error.
        return ValueTask.FromResult(0);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} {Labels} {Value} in {Count} ({Unit})")]
    private static partial void LogPoint(ILogger log, string name, string labels, double value, long count, string? unit);
}
