namespace Tidemark.Telemetry.Recording;

/// <summary>Takes points. Its calls come from one task, one at a time.</summary>
public interface IPointSink : IAsyncDisposable
{
    /// <summary>Keeps points. An error is no exception: what the sink can't keep is lost, and counted.</summary>
    /// <param name="points">The points, at least one.</param>
    /// <returns>How many are lost.</returns>
    ValueTask<int> WriteAsync(IReadOnlyList<MetricPoint> points);
}
