using Spectre.Console;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>Shows a run as it goes, on standard error: drawn over itself on a terminal, else a plain line every few seconds.</summary>
internal static class LiveProgress
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows a run until it has ended.</summary>
    public static async Task<RunReport> ShowAsync(Terminal terminal, PipelineRun run, RunForecaster forecaster, CancellationToken stopping)
    {
        var running = run.RunAsync(stopping);
        var following = forecaster.FollowAsync(running);
        if (terminal.Draws) await DrawAsync(terminal.Error, run.Progress, forecaster, running);
        else await PrintAsync(run.Progress, forecaster, running);
        await following;
        return await running;
    }

    private static async Task DrawAsync(IAnsiConsole console, RunProgress progress, RunForecaster forecaster, Task running)
    {
        var started = TimeProvider.System.GetTimestamp();
        Rows View() => ProgressTable.Draw(progress, forecaster.Latest, Spinner(TimeProvider.System.GetElapsedTime(started)), console.Profile.Width, TimeProvider.System.GetUtcNow());
        await console.Live(View()).AutoClear(true).StartAsync(async live =>
        {
            while (!running.IsCompleted)
            {
                live.UpdateTarget(View());
                await Task.WhenAny(running, Task.Delay(Frame, TimeProvider.System));
            }
        });
    }

    private static async Task PrintAsync(RunProgress progress, RunForecaster forecaster, Task running)
    {
        while (await Task.WhenAny(running, Task.Delay(PlainInterval, TimeProvider.System)) != running)
        {
            var (forecast, now) = (forecaster.Latest, TimeProvider.System.GetUtcNow());
            foreach (var stream in progress.Streams.Where(s => s.Running)) await Console.Error.WriteLineAsync(Line(stream, forecast?.Of(stream.Name), now));
            if (forecast is { Streams.Count: > 1, EndsAt: { } end }) await Console.Error.WriteLineAsync($"all {forecast.Streams.Count} streams that are left: done at {Terminal.Time(end)} (in {FinishText.Span(end - now)})");
            foreach (var wait in progress.QuotaWaits) await Console.Error.WriteLineAsync(ProgressTable.Waiting(wait));
        }
    }

    private static string Line(StreamProgress stream, StreamFinish? finish, DateTimeOffset now)
    {
        var slices = stream.Slices is { } s ? $" {s.Done}/{s.Total}" : "";
        var counts = $"{Terminal.Number(stream.Counters[Counter.Requests])} calls, {Terminal.Number(stream.Counters[Counter.Read])} read, {Terminal.Number(stream.Counters[Counter.Written])} written";
        return $"{stream.Name}{slices}: {counts}{(finish is null ? "" : $", {FinishText.Line(finish, now)}")}";
    }

    private static string Spinner(TimeSpan elapsed)
    {
        var frames = Terminal.IsUtf8 ? "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" : "|/-\\";
        return frames[(int)(elapsed / Frame) % frames.Length].ToString();
    }
}
