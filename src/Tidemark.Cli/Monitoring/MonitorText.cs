using System.Globalization;
using Spectre.Console;
using Tidemark.Cli.Output;
using Tidemark.Runs;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is seen, for people.</summary>
internal static class MonitorText
{
    /// <summary>A look as a table, to be drawn over itself.</summary>
    public static Rows Table(Observation observation, IReadOnlyList<StreamLook> streams)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (title, right) in new[] { ("stream", false), ("read", true), ("of", true), ("%", true), ("a second", true), ("ends", false), ("written by", false) })
        {
            var column = new TableColumn(new Text(title, new Style(Color.Grey)));
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var stream in streams)
            table.AddRow(new[] { stream.Stream, Number(stream.Scan?.Read), Number(stream.Expected), Percent(stream.Progress), Number(stream.Rate), Time(stream.FinishAt), stream.Holder ?? "" }.Select(t => new Text(t)));
        return new Rows([table, new Text($"{observation.At.UtcDateTime:HH:mm:ss} UTC   {Machine(observation)}"), .. observation.Problems.Select(p => new Text(p, new Style(Color.Red)))]);
    }

    /// <summary>A look as a line.</summary>
    public static string Line(Observation observation, IReadOnlyList<StreamLook> streams)
    {
        var busy = streams.Where(s => s.Holder is not null || s.Scan is not null).Select(Describe).DefaultIfEmpty("nothing runs");
        return string.Join("   ", busy.Prepend($"{observation.At.UtcDateTime:HH:mm:ss}").Append(Machine(observation)).Concat(observation.Problems));
    }

    /// <summary>All of it, at the end.</summary>
    public static IEnumerable<string> Summary(PipelineWatch watch, IReadOnlyList<RunReport> runs)
    {
        yield return $"watched for {Definitions.Durations.Format(TimeSpan.FromSeconds(Math.Round(watch.Elapsed.TotalSeconds)))}, {Terminal.Number(watch.Looks)} looks, {Terminal.Number(runs.Count)} runs ended";
        foreach (var (name, stream) in watch.Streams)
        {
            var rate = watch.Elapsed.TotalSeconds > 0 ? stream.Records / watch.Elapsed.TotalSeconds : 0;
            var error = stream.WorstError is { } worst ? $", forecasts from 20 % on wrong by at most {Percent(worst)} %" : "";
            yield return $"{name}: {Counted.Of(stream.Records, "record")}, {Number(rate)} a second, {Counted.Of(stream.Completed, "scan")} completed{error}";
        }
        if (watch.Memory is { First: { } first, Peak: { } peak, Last: { } last })
            yield return $"memory: {ReportText.Size(first)} at first, {ReportText.Size(last)} at last ({Signed(watch.Memory.Growth)}), {ReportText.Size(peak)} at most";
        if (watch.Database is { First: { } before, Last: { } after }) yield return $"database: {ReportText.Size(before)} at first, {ReportText.Size(after)} at last";
        if (watch.Failed is { First: { } open, Last: { } now }) yield return $"open failed records: {Terminal.Number(open)} at first, {Terminal.Number(now)} at last";
    }

    private static string Describe(StreamLook stream)
    {
        if (stream.Scan is not { } scan) return $"{stream.Stream}: being written";
        var of = stream.Expected is { } expected ? $" of {Terminal.Number(expected)} ({Percent(stream.Progress)} %)" : "";
        var rate = stream.Rate is { } perSecond ? $", {Number(perSecond)}/s" : "";
        var ends = stream.FinishAt is { } finish ? $", ends {Time(finish)}" : "";
        return $"{stream.Stream}: {Terminal.Number(scan.Read)}{of} read{rate}{ends}{(stream.Holder is null ? ", not running" : "")}";
    }

    private static string Machine(Observation observation)
    {
        static string Known(long? bytes) => bytes is { } b ? ReportText.Size(b) : "unknown";
        return $"memory {Known(observation.MemoryBytes)}, database {Known(observation.DatabaseBytes)}, disk {Known(observation.DiskFreeBytes)} free, {(observation.FailedRecords is { } failed ? Terminal.Number(failed) : "unknown")} failed";
    }

    private static string Number(long? value) => value is { } number ? Terminal.Number(number) : "";

    private static string Number(double? value) => value is { } number ? Terminal.Number((long)Math.Round(number)) : "";

    private static string Percent(double? share) => share is { } known ? (known * 100).ToString("0.#", CultureInfo.InvariantCulture) : "";

    private static string Signed(double? share) => share is { } known ? (known * 100).ToString("+0.#;-0.#;+0", CultureInfo.InvariantCulture) + " %" : "";

    private static string Time(DateTimeOffset? at) => at is { } known ? Terminal.Time(known) : "";
}
