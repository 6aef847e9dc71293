namespace Tidemark.Telemetry;

/// <summary>What a run leaves in files beside its report. Default: nothing.</summary>
public sealed record TelemetryDefinition
{
    /// <summary>Metrics in files; null: none.</summary>
    public MetricFilesDefinition? Metrics { get; init; }

    /// <summary>Logs in files; null: none. Standard error gets its lines in any case.</summary>
    public LogFilesDefinition? Logs { get; init; }
}
