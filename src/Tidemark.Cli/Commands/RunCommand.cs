using System.CommandLine;
using System.Globalization;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Cli.Recording;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;

namespace Tidemark.Cli.Commands;

internal static class RunCommand
{
    private static readonly Argument<string[]> Streams = new("STREAM") { Description = "Streams to run; none: all, in the order of the file.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Full = new("--full") { Description = "Read everything again, whatever the watermark says." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "One page a stream: the inferred columns and three records; nothing is written." };
    private static readonly Option<long?> Limit = new("--limit") { Description = "Stop after so many records a stream; the next run goes on there.", HelpName = "N" };
    private static readonly Option<string?> Since = new("--since") { Description = "Read from this cursor value; the watermark stays where it is.", HelpName = "VALUE" };
    private static readonly Option<string[]> Allow = new("--allow")
    {
        Description = "Statuses that exit 0: partial, parked.",
        HelpName = "partial,parked",
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    public static Command Create()
    {
        var command = new Command("run", "Bring the tables up to date: read what is new at each source, write it, move the watermark.") { Streams, Full, DryRun, Limit, Since, Allow }.WithExamples("""
            tidemark run                      all streams, incrementally
            tidemark run clients --full       everything of one stream
            tidemark run --dry-run            look before the first run
            tidemark run --json --allow partial,parked > report.json
            """);
        Limit.Validators.Add(r => { if (r.Tokens is [var token] && !(long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)) r.AddError($"found --limit {token.Value}, expected a whole number, at least 1"); });
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var allowed = (arguments.GetValue(Allow) ?? []).Select(AllowedStatus).ToHashSet();
        var options = new RunOptions
        {
            Streams = arguments.GetValue(Streams) ?? [],
            Full = arguments.GetValue(Full),
            Limit = arguments.GetValue(Limit),
            Since = arguments.GetValue(Since),
        };
        if (options is { Full: true, Since: not null }) throw new UserErrorException("--full reads everything and --since a part: give one of them");
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        if (project.Pipeline.Pulled().Count == 0) throw new UserErrorException("there is nothing to run: the configuration has only what others post to; start tidemark serve");
        if (arguments.GetValue(DryRun)) return await DryRunOutput.RunAsync(project, options, terminal, stopping);
        if (!terminal.Json && project.Pipeline.Streams.Any(s => s.Schedule is not null && (options.Streams.Count == 0 || options.Streams.Contains(s.Name, StringComparer.Ordinal))))
            Console.Error.WriteLine("this is one run: every and schedule are for tidemark serve");
        var report = await RunAsync(project, options, arguments, terminal, stopping);
        Print(report, terminal);
        return ExitCode.Of(report, allowed);
    }

    /// <summary>Runs a pipeline, showing its progress.</summary>
    public static async Task<RunReport> RunAsync(Project project, RunOptions options, ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        await using var recording = RunRecording.Open(project, arguments.GetValue(GlobalOptions.LogLevel));
        await using var store = await project.OpenStoreAsync(stopping);
        using var notice = stopping.Register(() => Console.Error.WriteLine("stopping: what was read is being committed (again to leave at once)"));
        var run = new PipelineRun(project.Pipeline, options, store) { Log = recording.Log, AccessLog = recording.AccessLog };
        var report = await LiveProgress.ShowAsync(terminal, run, new RunForecaster(project.Pipeline, options, store, run.Progress), stopping);
        recording.Keep(report);
        return report;
    }

    public static void Print(RunReport report, Terminal terminal)
    {
        if (terminal.Json) Console.Out.WriteLine(ReportJson.Of(report));
        else foreach (var line in ReportText.Lines(report)) Console.Out.WriteLine(line);
    }

    private static RunStatus AllowedStatus(string name) => name switch
    {
        "partial" => RunStatus.Partial,
        "parked" => RunStatus.Parked,
        _ => throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"found --allow {name}, expected partial, parked or both")),
    };
}
