using Microsoft.Extensions.Logging;
using Tidemark.Definitions;
using Tidemark.Telemetry;

namespace Tidemark.Configuration.Shapes;

/// <summary>What runs leave in files: a part that is named is switched on, with its defaults.</summary>
internal static class TelemetryShape
{
    private const int MostFiles = 100_000;
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    public static Shape<TelemetryDefinition> Keys { get; } = new Shape<TelemetryDefinition>("What runs leave in files; a part that is named is switched on.", () => new TelemetryDefinition())
        .Optional("metrics", MetricsKeys(), (d, v) => d with { Metrics = v }, "Metrics as JSON lines. Default: none.")
        .Optional("logs", LogsKeys(), (d, v) => d with { Logs = v }, "Logs as JSON lines, beside those on standard error. Default: none.");

    private static Shape<MetricFilesDefinition> MetricsKeys() => new Shape<MetricFilesDefinition>("Metrics in a bounded number of files.", () => new MetricFilesDefinition())
        .Optional("path", Formats.FilePath, (d, v) => d with { Path = v }, "The directory, relative to this file; made if missing. Default: .tidemark/metrics beside this file.")
        .Optional("every", Formats.Duration, (d, v) => d with { Every = v }, "How often points are written, at least 100ms. Default: 10s.")
        .Optional("points_per_file", Formats.Integer(1, 1_000_000), (d, v) => d with { PointsPerFile = (int)v }, "Points after which a new file begins. Default: 1000.")
        .Optional("files", Formats.Integer(1, MostFiles), (d, v) => d with { FileCount = (int)v }, "How many files are kept; the oldest go first. Default: 100.")
        .Rule(d => d.Every < ShortestInterval ? ("every", "found less than 100ms, expected a longer interval, such as 10s") : null);

    private static Shape<LogFilesDefinition> LogsKeys() => new Shape<LogFilesDefinition>("Logs in a bounded number of files.", () => new LogFilesDefinition())
        .Optional("path", Formats.FilePath, (d, v) => d with { Path = v }, "The directory, relative to this file; made if missing. Default: .tidemark/logs beside this file.")
        .Optional("level", Formats.OneOf<LogLevel>(), (d, v) => d with { Level = v }, "The least level of application lines. Default: information.")
        .Optional("file_size", Formats.ByteSize, (d, v) => d with { FileSize = v }, "The size after which a new file begins, at least 1KiB. Default: 50MB.")
        .Optional("files", Formats.Integer(1, MostFiles), (d, v) => d with { FileCount = (int)v }, "How many files of each kind are kept; the oldest go first. Default: 10.")
        .Optional("kinds", Formats.OneOrMany(Formats.OneOf<LogKind>()), (d, v) => d with { Kinds = v }, "Which kinds are kept: application, access (a line a call), metrics (a line a point). Default: all.")
        .Rule(d => d.FileSize < 1024 ? ("file_size", "found less than 1KiB, expected a larger size, such as 50MB") : null);
}
