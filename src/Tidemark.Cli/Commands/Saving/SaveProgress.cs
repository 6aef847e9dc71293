using System.Globalization;
using Spectre.Console;
using Tidemark.Cli.Output;
using Tidemark.Saving;

namespace Tidemark.Cli.Commands.Saving;

/// <summary>What save has done, as it goes on standard error: drawn over itself on a terminal, else a plain line every few seconds.</summary>
internal static class SaveProgress
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows a session until it has ended.</summary>
    public static async Task ShowAsync(Terminal terminal, string table, JsonBatchWriter writer, Task session)
    {
        if (Terminal.IsInteractive && !terminal.Json)
        {
            await terminal.Error.Live(new Text(Line(table, writer.Statistics))).AutoClear(true).StartAsync(async live =>
            {
                while (!session.IsCompleted)
                {
                    live.UpdateTarget(new Text(Line(table, writer.Statistics)));
                    await Task.WhenAny(session, Task.Delay(Frame, TimeProvider.System));
                }
            });
        }
        else
        {
            while (await Task.WhenAny(session, Task.Delay(PlainInterval, TimeProvider.System)) != session) await Console.Error.WriteLineAsync(Line(table, writer.Statistics));
        }
        await session;
    }

    /// <summary>Prints the end: on standard output, unless acknowledgements are there.</summary>
    public static void Print(Terminal terminal, string table, BatchWriterStatistics statistics, FailedLines failed, bool hasAcks)
    {
        if (statistics.Rejected > 0) Console.Error.WriteLine($"{Counted.Of(statistics.Rejected, "line was", "lines were")} rejected and kept {failed.Place}: tidemark failed list --saved {table}{failed.Option}");
        if (hasAcks) Console.Error.WriteLine(Summary(table, statistics));
        else if (terminal.Json) PrintJson(table, statistics);
        else Console.Out.WriteLine(Summary(table, statistics));
    }

    private static string Line(string table, BatchWriterStatistics s)
    {
        var waiting = s.Waiting > 0 ? $", {Terminal.Number(s.Waiting)} waiting" + (s.OldestAge > TimeSpan.FromSeconds(1) ? $" (oldest {s.OldestAge.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s)" : "") : "";
        return $"{table}: {Terminal.Number(s.Durable)} saved, {Terminal.Number((long)s.ItemsPerSecond)}/s, {Batches(s)}, {Retries(s)}, {Percent(s)} % errors{waiting}";
    }

    private static string Summary(string table, BatchWriterStatistics s)
    {
        var parts = new[] { (s.Inserted, "inserted"), (s.Updated, "updated"), (s.Unchanged, "unchanged"), (s.Duplicates, s.Duplicates == 1 ? "duplicate" : "duplicates"), (s.Rejected, "rejected") }
            .Where(p => p.Item1 > 0).Select(p => $"{Terminal.Number(p.Item1)} {p.Item2}");
        return $"{table}   {Terminal.Number(s.Added)} read{string.Concat(parts.Select(p => ", " + p))}   {Batches(s)}, {Retries(s)}, {Percent(s)} % errors";
    }

    private static string Batches(BatchWriterStatistics s) => Counted.Of(s.Batches, "batch", "batches");

    private static string Retries(BatchWriterStatistics s) => Counted.Of(s.Retries, "retry", "retries");

    private static string Percent(BatchWriterStatistics s) => (100 * s.ErrorRate).ToString("0.##", CultureInfo.InvariantCulture);

    private static void PrintJson(string table, BatchWriterStatistics s) => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("table", table);
        foreach (var (name, value) in new[]
        {
            ("read", s.Added), ("inserted", s.Inserted), ("updated", s.Updated), ("unchanged", s.Unchanged), ("duplicates", s.Duplicates), ("rejected", s.Rejected), ("batches", s.Batches), ("retries", s.Retries),
        })
        {
            json.WriteNumber(name, value);
        }
        json.WriteNumber("error_rate", s.ErrorRate);
        json.WriteEndObject();
    });
}
