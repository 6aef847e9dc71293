using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Monitoring;
using Tidemark.Cli.Output;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands;

internal static class MonitorCommand
{
    /// <summary>How many of the latest runs the summary looks through.</summary>
    private const int MostRuns = 1000;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private static readonly Option<TimeSpan?> Duration = new("--duration") { Description = "How long to watch, such as 6h; without it until Ctrl-C.", HelpName = "DURATION", CustomParser = Parse };
    private static readonly Option<TimeSpan?> Every = new("--every") { Description = "How often to look, at least 100ms; default 10s.", HelpName = "DURATION", CustomParser = Parse };

    public static Command Create()
    {
        var command = new Command("monitor", "Watch the pipeline while other processes run it: rate, progress, finish time, memory, disk, database; at the end a summary.") { Duration, Every }.WithExamples("""
            tidemark monitor                          until Ctrl-C
            tidemark monitor --duration 6h --every 30s
            tidemark monitor --duration 6h --json > monitor.jsonl
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            await using var store = await project.OpenStoreAsync(stopping);
            await using var observer = new Observer(project, store, TimeProvider.System);
            var watch = new PipelineWatch();
            var (duration, every) = (arguments.GetValue(Duration), arguments.GetValue(Every) ?? TimeSpan.FromSeconds(10));
            var whole = !terminal.Draws
                ? await WatchAsync(observer, watch, duration, every, (o, s) => Print(terminal, o, s), stopping)
                : await DrawAsync(terminal.Error, observer, watch, duration, every, stopping);
            var runs = (await store.ListRunsAsync(project.Pipeline.Name, MostRuns, before: null, CancellationToken.None)).Where(r => r.StartedAt + r.Duration >= watch.StartedAt).ToList();
            if (terminal.Json) CommandRunner.WriteJson(json => MonitorJson.Write(json, watch, runs));
            else foreach (var line in MonitorText.Summary(watch, runs)) Console.Out.WriteLine(line);
            return whole ? ExitCode.Done : ExitCode.Interrupted;
        });
        return command;
    }

    /// <summary>Looks again and again; false if it was interrupted.</summary>
    private static async Task<bool> WatchAsync(
        Observer observer, PipelineWatch watch, TimeSpan? duration, TimeSpan every, Action<Observation, IReadOnlyList<StreamLook>> show, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var observation = await observer.LookAsync(stopping);
                show(observation, watch.Take(observation));
                var left = duration - observation.Elapsed;
                if (left <= TimeSpan.Zero) return true;
                await Task.Delay(left < every ? left.Value : every, TimeProvider.System, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && watch.Looks > 0)
        {
            return false;
        }
    }

    private static Task<bool> DrawAsync(IAnsiConsole console, Observer observer, PipelineWatch watch, TimeSpan? duration, TimeSpan every, CancellationToken stopping) =>
        console.Live(new Text("")).AutoClear(true).StartAsync(live => WatchAsync(observer, watch, duration, every, (o, s) => live.UpdateTarget(MonitorText.Table(o, s)), stopping));

    private static void Print(Terminal terminal, Observation observation, IReadOnlyList<StreamLook> streams)
    {
        if (terminal.Json) CommandRunner.WriteJson(json => MonitorJson.Write(json, observation, streams));
        else Console.Out.WriteLine(MonitorText.Line(observation, streams));
    }

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Durations.TryParse(text, out var value) && value >= Shortest) return value;
        result.AddError($"found {text}, expected a duration of at least 100ms, such as 30s or 6h");
        return null;
    }
}
