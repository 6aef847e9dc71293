using System.Globalization;
using Spectre.Console;
using Tidemark.Cli.Output;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Slices;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is seen, for people.</summary>
internal static class MonitorText
{
    /// <summary>A look as a table, to be drawn over itself.</summary>
    public static Rows Table(Observation observation, IReadOnlyList<StreamLook> streams)
    {
        var sliced = streams.Any(s => s.Slices is not null);
        var table = new Table { Border = TableBorder.None };
        void Add(string title, bool right, bool wraps = false)
        {
            var column = new TableColumn(new Text(title, new Style(Color.Grey))) { NoWrap = !wraps, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? column.RightAligned() : column);
        }
        Add("stream", right: false, wraps: true);
        if (sliced) Add("slices", right: true);
        foreach (var title in new[] { "read", "of", "%", "a second" }) Add(title, right: true);
        Add("done (UTC)", right: false);
        foreach (var stream in streams)
        {
            var cells = new List<Text> { new(stream.Stream) { Overflow = Overflow.Ellipsis } };
            if (sliced) cells.Add(new Text(stream.Slices is { } slices ? $"{Terminal.Number(slices.Done)}/{Terminal.Number(slices.Total)}" : ""));
            cells.AddRange(new[] { Number(stream.Read), Number(stream.Expected), Percent(stream.Progress), Rate(stream.Rate), FinishText.Short(stream.FinishAt, observation.At) ?? (stream.Scan is null ? "" : "unknown") }.Select(t => new Text(t)));
            table.AddRow(cells);
        }
        var below = streams.SelectMany(s => Notes(s)).Concat(observation.Quotas.Select(Quota)).Append($"{observation.At.UtcDateTime:HH:mm:ss} UTC   {Machine(observation)}");
        return new Rows([table, .. below.Select(t => new Text(t)), .. observation.Problems.Select(p => new Text(p, new Style(Color.Red)))]);
    }

    /// <summary>A look as a line.</summary>
    public static string Line(Observation observation, IReadOnlyList<StreamLook> streams)
    {
        var busy = streams.Where(s => s.Holder is not null || s.Scan is not null || s.ParkedUntil is not null).Select(s => Describe(s, observation.At)).DefaultIfEmpty("nothing runs");
        return string.Join("   ", busy.Prepend($"{observation.At.UtcDateTime:HH:mm:ss}").Concat(observation.Quotas.Select(Quota)).Append(Machine(observation)).Concat(observation.Problems));
    }

    /// <summary>All of it, at the end.</summary>
    public static IEnumerable<string> Summary(PipelineWatch watch, IReadOnlyList<RunReport> runs)
    {
        yield return $"watched for {Definitions.Durations.Format(TimeSpan.FromSeconds(Math.Round(watch.Elapsed.TotalSeconds)))}, {Terminal.Number(watch.Looks)} looks, {Terminal.Number(runs.Count)} runs ended";
        foreach (var (name, stream) in watch.Streams)
        {
            var rate = watch.Elapsed.TotalSeconds > 0 ? stream.Records / watch.Elapsed.TotalSeconds : 0;
            var error = stream.WorstError is { } worst ? $", forecasts from 20 % on wrong by at most {Percent(worst)} %" : "";
            yield return $"{name}: {Counted.Of(stream.Records, "record")}, {FinishText.Rate(rate)} a second, {Counted.Of(stream.Completed, "scan")} completed{error}";
        }
        if (watch.Memory is { First: { } first, Peak: { } peak, Last: { } last })
            yield return $"memory: {ReportText.Size(first)} at first, {ReportText.Size(last)} at last ({Signed(watch.Memory.Growth)}), {ReportText.Size(peak)} at most";
        if (watch.Database is { First: { } before, Last: { } after }) yield return $"database: {ReportText.Size(before)} at first, {ReportText.Size(after)} at last";
        if (watch.Failed is { First: { } open, Last: { } now }) yield return $"open failed records: {Terminal.Number(open)} at first, {Terminal.Number(now)} at last";
    }

    private static string Describe(StreamLook stream, DateTimeOffset now)
    {
        var parts = new List<string>();
        if (stream.Slices is { } slices) parts.Add(Slices(slices));
        if (stream.Read is { } read) parts.Add($"{Terminal.Number(read)}{(stream.Expected is { } expected ? $" of {Terminal.Number(expected)} ({Percent(stream.Progress)} %)" : "")} read");
        if (stream.Rate is { } rate) parts.Add($"{FinishText.Rate(rate)}/s");
        if (stream.Finish is { } finish) parts.Add(FinishText.When(finish, now));
        parts.AddRange(State(stream));
        return $"{stream.Stream}: {string.Join(", ", parts)}";
    }

    private static string Slices(SliceStatistics slices) =>
        $"{Terminal.Number(slices.Done)} of {Terminal.Number(slices.Total)} slices done, {Terminal.Number(slices.Running)} running, {Terminal.Number(slices.Pending)} left{(slices.Failed > 0 ? $", {Terminal.Number(slices.Failed)} failed" : "")}";

    private static IEnumerable<string> State(StreamLook stream)
    {
        if (stream.ParkedUntil is { } until) yield return $"parked until {Terminal.Time(until)}: run it again then";
        else if (stream.Holder is null && stream.Scan is not null) yield return "not running";
        else if (stream.Holder is not null && stream.Scan is null) yield return "being written";
    }

    private static IEnumerable<string> Notes(StreamLook stream)
    {
        var parts = new List<string>();
        if (stream.Scan is not null && stream.Slices is { } slices) parts.Add(Slices(slices));
        if (stream.Holder is { } holder) parts.Add($"written by {holder}");
        parts.AddRange(State(stream));
        if (stream.Finish is { Unknown: { } unknown }) parts.Add($"finish time unknown: {unknown}");
        if (stream.Finish is { Parks: > 0 and var parks }) parts.Add(FinishText.Parked(parks));
        if (parts.Count > 0) yield return $"{stream.Stream}: {string.Join(", ", parts)}";
    }

    private static string Quota(QuotaStatus quota)
    {
        var meters = quota.Meters.Select(m => m is { Spent: { } spent, Limit: { } limit } ? $"{Terminal.Number(Math.Round(spent, 1))} of {Terminal.Number(Math.Round(limit, 1))} used ({m.About})" : $"{Terminal.Number(Math.Round(m.Left, 1))} left ({m.About})");
        var blocked = quota.BlockedUntil is { } until ? $", no call before {Terminal.Time(until)}" : "";
        return $"quota '{quota.Quota}': {string.Join(", ", meters)}{blocked}";
    }

    private static string Machine(Observation observation)
    {
        static string Known(long? bytes) => bytes is { } b ? ReportText.Size(b) : "unknown";
        return $"memory {Known(observation.MemoryBytes)}, database {Known(observation.DatabaseBytes)}, disk {Known(observation.DiskFreeBytes)} free, {(observation.FailedRecords is { } failed ? Terminal.Number(failed) : "unknown")} failed";
    }

    private static string Number(long? value) => value is { } number ? Terminal.Number(number) : "";

    private static string Rate(double? value) => value is { } number ? FinishText.Rate(number) : "";

    private static string Percent(double? share) => share is { } known ? (known * 100).ToString("0.#", CultureInfo.InvariantCulture) : "";

    private static string Signed(double? share) => share is { } known ? (known * 100).ToString("+0.#;-0.#;+0", CultureInfo.InvariantCulture) + " %" : "";
}
