using Microsoft.Extensions.Logging;

namespace Tidemark.Telemetry;

/// <summary>Logs as JSON lines in a bounded number of files of a bounded size, for each kind.</summary>
public sealed record LogFilesDefinition
{
    /// <summary>The directory, made if missing; null (default): whoever runs the pipeline decides.</summary>
    public string? Path { get; init; }

    /// <summary>The least level of application lines; default information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Bytes after which a new file begins, at least 1 KiB; default 50 MB.</summary>
    public long FileSize { get; init; } = 50_000_000;

    /// <summary>How many files of each kind are kept, 1 to 100 000; the oldest go first. Default 10.</summary>
    public int FileCount { get; init; } = 10;

    /// <summary>The kinds that are kept; default all.</summary>
    public IReadOnlyList<LogKind> Kinds { get; init; } = Enum.GetValues<LogKind>();
}
