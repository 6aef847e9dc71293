namespace Tidemark.Telemetry;

/// <summary>Metrics as JSON lines in a bounded number of files.</summary>
public sealed record MetricFilesDefinition
{
    /// <summary>The directory, made if missing; null (default): whoever runs the pipeline decides.</summary>
    public string? Path { get; init; }

    /// <summary>How often points are written, at least 100 ms; default 10 s.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Points after which a new file begins, 1 to 1 000 000; default 1000.</summary>
    public int PointsPerFile { get; init; } = 1000;

    /// <summary>How many files are kept, 1 to 100 000; the oldest go first. Default 100.</summary>
    public int FileCount { get; init; } = 100;
}
