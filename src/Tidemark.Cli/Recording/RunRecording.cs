using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Cli.Hosting;
using Tidemark.Definitions;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Telemetry;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Cli.Recording;

/// <summary>What the configuration's <c>telemetry</c> asks for, while a command runs: logs and metrics in files. Dispose writes what is still to be written.</summary>
internal sealed partial class RunRecording : IAsyncDisposable
{
    private readonly LogFiles? _files;
    private readonly MetricRecorder? _metrics;
    private readonly ILogger _application;

    private RunRecording(LogFiles? files, MetricRecorder? metrics, ILogger application, ILogger log, ILogger accessLog) =>
        (_files, _metrics, _application, Log, AccessLog) = (files, metrics, application, log, accessLog);

    /// <summary>The application log: lines go to standard error and to its file.</summary>
    public ILogger Log { get; }

    /// <summary>The access log.</summary>
    public ILogger AccessLog { get; }

    /// <summary>Opens the files.</summary>
    /// <param name="project">Whose telemetry.</param>
    /// <param name="least">The least level on standard error.</param>
    /// <exception cref="UserErrorException">A directory can't be made.</exception>
    public static RunRecording Open(Project project, LogLevel least)
    {
        var telemetry = project.Pipeline.Telemetry;
        var files = telemetry.Logs is { } logs ? Make("telemetry.logs", PathOf(project, logs.Path, "logs"), path => new LogFiles(path, logs)) : null;
        var application = files?[LogKind.Application] ?? NullLogger.Instance;
        var log = new TwoLogs(new StandardErrorLogger(least), application);
        var sinks = new List<IPointSink>();
        if (telemetry.Metrics is { } metrics) sinks.Add(Make("telemetry.metrics", PathOf(project, metrics.Path, "metrics"), path => new PointFiles(path, metrics, log)));
        if (files is not null && telemetry.Logs!.Kinds.Contains(LogKind.Metrics)) sinks.Add(new PointLog(files[LogKind.Metrics]));
        var recorder = sinks.Count == 0 ? null : new MetricRecorder((telemetry.Metrics ?? new MetricFilesDefinition()).Every, sinks, TimeProvider.System);
        return new RunRecording(files, recorder, application, log, files?[LogKind.Access] ?? NullLogger.Instance);
    }

    /// <summary>Keeps what a run did in the application log; standard error has it as the report.</summary>
    public void Keep(RunReport report)
    {
        foreach (var warning in report.Warnings) LogWarning(_application, report.RunId, warning);
        foreach (var stream in report.Streams)
        {
            var level = stream.Status switch { RunStatus.Succeeded => LogLevel.Information, RunStatus.Failed => LogLevel.Error, _ => LogLevel.Warning };
            LogStream(_application, level, report.RunId, stream.Stream, ReportJson.Name(stream.Status), stream.Counts[Counter.Requests], stream.Counts[Counter.Read], stream.Counts[Counter.Written], stream.Counts[Counter.Failed], stream.Error ?? "");
        }
        LogRun(_application, report.RunId, report.PipelineName, ReportJson.Name(report.Status), report.Duration.TotalMilliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        // Metrics first: their points may go to a log.
        if (_metrics is not null) await _metrics.DisposeAsync();
        _files?.Dispose();
    }

    private static string PathOf(Project project, string? path, string name) => path ?? Formats.InDirectoryOf(project.File, Path.Combine(".tidemark", name));

    private static T Make<T>(string key, string path, Func<string, T> make)
    {
        try
        {
            return make(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"the directory '{path}' of {key} can't be used: {e.Message}; name another path, or give the process the right");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "run {RunId}: {Warning}")]
    private static partial void LogWarning(ILogger log, string runId, string warning);

    [LoggerMessage(Message = "run {RunId}: {Stream} {Status}: {Requests} calls, {Read} read, {Written} written, {Failed} failed. {Error}")]
    private static partial void LogStream(ILogger log, LogLevel level, string runId, string stream, string status, long requests, long read, long written, long failed, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "run {RunId} of {PipelineName}: {Status} after {DurationMs} ms")]
    private static partial void LogRun(ILogger log, string runId, string pipelineName, string status, double durationMs);
}
