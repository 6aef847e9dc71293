using Spectre.Console;
using Spectre.Console.Rendering;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>A run at one moment, to be drawn over itself: a row a stream, below it what is waited for and what is not known.</summary>
internal static class ProgressTable
{
    /// <summary>Narrower terminals see less of it.</summary>
    private const int Wide = 96;

    private static readonly Style Grey = new(Color.Grey);

    /// <summary>Draws it.</summary>
    /// <param name="progress">The run.</param>
    /// <param name="forecast">What is left of it; null: nobody has told yet.</param>
    /// <param name="spinner">What marks a stream that runs.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="now">The present.</param>
    public static Rows Draw(RunProgress progress, RunForecast? forecast, string spinner, int width, DateTimeOffset now)
    {
        var streams = progress.Streams;
        var (sliced, wide) = (streams.Any(s => s.Slices is not null), width >= Wide);
        var table = Columns(sliced, wide, forecast is not null);
        foreach (var stream in streams)
        {
            var finish = stream.Report is null ? forecast?.Of(stream.Name) : null;
            var cells = Row(Mark(stream, spinner), stream.Name, stream.Slices is { } slices ? $"{slices.Done}/{slices.Total}" : "", c => stream.Counters[c], sliced, wide);
            if (forecast is not null) cells.AddRange(Left(finish?.Left, finish?.Rate, finish is null ? "" : FinishText.Short(finish.EndsAt, now) ?? "unknown"));
            table.AddRow(cells);
        }
        if (streams.Count > 1 && forecast is { Streams.Count: > 1 })
        {
            var left = forecast.Streams.All(s => s.Left is not null) ? forecast.Streams.Sum(s => s.Left) : null;
            table.AddRow([.. Row("", "total", "", c => streams.Sum(s => s.Counters[c]), sliced, wide), .. Left(left, rate: null, FinishText.Short(forecast.EndsAt, now) ?? "unknown")]);
        }
        return new Rows([table, .. progress.QuotaWaits.Select(Waiting).Concat(Notes(progress, forecast)).Select(t => (IRenderable)new Text(t))]);
    }

    /// <summary>What is waited for.</summary>
    public static string Waiting(QuotaWait wait) => $"waiting for the quota '{wait.Quota}' until {wait.Until.UtcDateTime:HH:mm:ss} UTC: {wait.Reason}";

    private static Table Columns(bool sliced, bool wide, bool forecast)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        void Add(string title, bool right, bool wraps = false)
        {
            var column = new TableColumn(new Text(title, Grey)) { NoWrap = !wraps, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? column.RightAligned() : column);
        }
        Add("", right: false);
        Add("stream", right: false, wraps: true);
        if (sliced) Add("slices", right: true);
        Add("calls", right: true);
        Add("read", right: true);
        if (wide) Add("written", right: true);
        Add("failed", right: true);
        if (!forecast) return table;
        Add("left", right: true);
        Add("a second", right: true);
        Add("done (UTC)", right: false);
        return table;
    }

    private static List<IRenderable> Row(string mark, string name, string slices, Func<Counter, long> count, bool sliced, bool wide)
    {
        var cells = new List<IRenderable> { new Text(mark), new Text(name) { Overflow = Overflow.Ellipsis } };
        if (sliced) cells.Add(new Text(slices));
        cells.Add(Number(count(Counter.Requests)));
        cells.Add(Number(count(Counter.Read)));
        if (wide) cells.Add(Number(count(Counter.Written)));
        cells.Add(Number(count(Counter.Failed)));
        return cells;
    }

    private static IEnumerable<Text> Left(long? left, double? rate, string done) => [new(left is { } known ? Terminal.Number(known) : ""), new(rate is { } a ? FinishText.Rate(a) : ""), new(done)];

    private static Text Number(long value) => new(Terminal.Number(value));

    private static string Mark(StreamProgress stream, string spinner) => stream.Report is not { } report ? stream.Running ? spinner : " "
        : report.Status switch { RunStatus.Succeeded => Terminal.IsUtf8 ? "✓" : "+", RunStatus.Partial => "!", RunStatus.Parked => "=", _ => Terminal.IsUtf8 ? "✗" : "x" };

    private static IEnumerable<string> Notes(RunProgress progress, RunForecast? forecast)
    {
        foreach (var finish in forecast?.Streams ?? [])
        {
            if (progress.Streams.Any(s => s.Name == finish.Stream && s.Report is not null)) continue;
            if (finish.Unknown is { } unknown) yield return $"{finish.Stream}: finish time unknown: {unknown}";
            if (finish is { Parks: > 0, Bottleneck: { } bottleneck }) yield return $"{finish.Stream}: will be parked by {PlanText.Words(bottleneck)}: run it again then, and it goes on";
        }
    }
}
