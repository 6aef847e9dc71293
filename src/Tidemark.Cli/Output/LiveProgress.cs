using Spectre.Console;
using Spectre.Console.Rendering;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>Shows a run as it goes, on standard error: drawn over itself on a terminal, else a plain line every few seconds.</summary>
internal static class LiveProgress
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows a run until it has ended.</summary>
    public static async Task<RunReport> ShowAsync(Terminal terminal, PipelineRun run, CancellationToken stopping)
    {
        var running = run.RunAsync(stopping);
        if (Terminal.IsInteractive && !terminal.Json) await DrawAsync(terminal.Error, run.Progress, running);
        else await PrintAsync(run.Progress, running);
        return await running;
    }

    private static async Task DrawAsync(IAnsiConsole console, RunProgress progress, Task running)
    {
        var started = TimeProvider.System.GetTimestamp();
        await console.Live(View(progress, TimeSpan.Zero)).AutoClear(true).StartAsync(async live =>
        {
            while (!running.IsCompleted)
            {
                live.UpdateTarget(View(progress, TimeProvider.System.GetElapsedTime(started)));
                await Task.WhenAny(running, Task.Delay(Frame, TimeProvider.System));
            }
        });
    }

    private static async Task PrintAsync(RunProgress progress, Task running)
    {
        while (await Task.WhenAny(running, Task.Delay(PlainInterval, TimeProvider.System)) != running)
        {
            foreach (var stream in progress.Streams.Where(s => s.Running))
                await Console.Error.WriteLineAsync($"{NameOf(stream)}: {Counted.Of(stream.Counters[Counter.Requests], "call")}, {Terminal.Number(stream.Counters[Counter.Read])} read, {Terminal.Number(stream.Counters[Counter.Written])} written");
            foreach (var wait in progress.QuotaWaits) await Console.Error.WriteLineAsync(Waiting(wait));
        }
    }

    private static Rows View(RunProgress progress, TimeSpan elapsed) => new([Table(progress, elapsed), .. progress.QuotaWaits.Select(w => (IRenderable)new Text(Waiting(w)))]);

    private static string Waiting(QuotaWait wait) => $"waiting for the quota '{wait.Quota}' until {wait.Until.UtcDateTime:HH:mm:ss} UTC: {wait.Reason}";

    private static Table Table(RunProgress progress, TimeSpan elapsed)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var (title, right) in new[] { ("", false), ("stream", false), ("calls", true), ("read", true), ("written", true), ("failed", true) })
        {
            var column = new TableColumn(new Text(title, new Style(Color.Grey)));
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var stream in progress.Streams)
        {
            var mark = stream.Report is { } report
                ? report.Status switch { RunStatus.Succeeded => Terminal.IsUtf8 ? "✓" : "+", RunStatus.Partial => "!", RunStatus.Parked => "=", _ => Terminal.IsUtf8 ? "✗" : "x" }
                : stream.Running ? Spinner(elapsed) : " ";
            var counters = stream.Counters;
            table.AddRow(
                new Text(mark), new Text(NameOf(stream)), Cell(counters[Counter.Requests]), Cell(counters[Counter.Read]), Cell(counters[Counter.Written]), Cell(counters[Counter.Failed]));
        }
        return table;
    }

    private static string NameOf(StreamProgress stream) => stream.Slices is { } slices ? $"{stream.Name} {slices.Done}/{slices.Total}" : stream.Name;

    private static Text Cell(long value) => new(Terminal.Number(value));

    private static string Spinner(TimeSpan elapsed)
    {
        var frames = Terminal.IsUtf8 ? "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" : "|/-\\";
        return frames[(int)(elapsed / Frame) % frames.Length].ToString();
    }
}
