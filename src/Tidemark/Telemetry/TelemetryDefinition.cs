namespace Tidemark.Telemetry;

/// <summary>What a run leaves in files beside its report. Default: nothing.</summary>
public sealed record TelemetryDefinition
{
    /// <summary>Metrics in files; null: none.</summary>
    public MetricFilesDefinition? Metrics { get; init; }

    /// <summary>Logs in files; null: none. Standard error gets its lines in any case.</summary>
    public LogFilesDefinition? Logs { get; init; }

    /// <summary>True if another one asks for the same files, kinds in any order.</summary>
    /// <param name="other">The other one.</param>
    public bool SameAs(TelemetryDefinition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (mine, theirs) = (Logs, other.Logs);
        return Metrics == other.Metrics && (mine is null || theirs is null ? mine == theirs : mine with { Kinds = [] } == theirs with { Kinds = [] } && mine.Kinds.Order().SequenceEqual(theirs.Kinds.Order()));
    }
}
