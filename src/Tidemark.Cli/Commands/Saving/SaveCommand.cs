using System.CommandLine;
using System.Globalization;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Saving;

namespace Tidemark.Cli.Commands.Saving;

internal static class SaveCommand
{
    private static readonly Option<string> To = new("--to") { Description = "The database: sqlite:PATH or postgresql://…", HelpName = "URL", Required = true };
    private static readonly Option<string> Table = new("--table") { Description = "The table; it is made and widened as records need.", HelpName = "T", Required = true };
    private static readonly Option<string[]> Key = new("--key")
    {
        Description = "Columns of the primary key: rows with the same are updated. Without it each record is a new row.",
        HelpName = "COL[,COL]",
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private static readonly Option<int?> BatchCount = new("--batch-count") { Description = "Records that close a batch, and that it takes at most; without it a batch closes once 10 wait and takes all that wait, up to 5000.", HelpName = "N" };
    private static readonly Option<string> BatchPeriod = new("--batch-period") { Description = "The age of the oldest record that closes a batch.", HelpName = "30s", DefaultValueFactory = _ => "30s" };
    private static readonly Option<bool> Ack = new("--ack") { Description = "A JSON line on standard output for each record once it is on disk: line number, outcome, row id." };

    public static Command Create()
    {
        BatchCount.Validators.Add(r => { if (r.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1_000_000)) r.AddError($"found --batch-count {token.Value}, expected a whole number from 1 to 1000000"); });
        var command = new Command("save", "Write JSON lines from standard input into a table, in batches; what is acknowledged is on disk.") { To, Table, Key, BatchCount, BatchPeriod, Ack }.WithExamples("""
            scraper | tidemark save --to sqlite:shops.db --table shops --key url
            tidemark save --to postgresql://me@localhost/crm --table events < events.jsonl
            tidemark save --to sqlite:shops.db --table shops --key url --ack < shops.jsonl
            """);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var destination = DestinationOf(arguments.GetValue(To)!);
        var table = arguments.GetValue(Table)!;
        var count = arguments.GetValue(BatchCount);
        await using var failed = new FailedLines(destination, table);
        var options = new BatchWriterOptions
        {
            Destination = destination,
            Table = table,
            Key = arguments.GetValue(Key) ?? [],
            Period = PeriodOf(arguments.GetValue(BatchPeriod)!),
            WithRowIds = arguments.GetValue(Ack),
            KeepRejected = failed.KeepAsync,
            StopsOnFailure = true,
        };
        if (count is { } given) options = options with { Count = given, MaxCount = given };
        await using var writer = new JsonBatchWriter(options);
        var session = new SaveSession(writer, arguments.GetValue(Ack) ? new AckPrinter() : null);
        await SaveProgress.ShowAsync(terminal, table, writer, session.RunAsync(Console.OpenStandardInput(), stopping));
        SaveProgress.Print(terminal, table, writer.Statistics, failed, arguments.GetValue(Ack));
        return stopping.IsCancellationRequested ? ExitCode.Interrupted : writer.Statistics.Rejected > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    /// <summary>The database that a URL names.</summary>
    public static DestinationDefinition DestinationOf(string url) =>
        Connectors.All.Destinations.Select(d => d.FromUrl(url, Directory.GetCurrentDirectory())).FirstOrDefault(d => d is not null)
        ?? throw new UserErrorException("found a --to that names no database, expected sqlite:PATH or postgresql://USER@HOST/DATABASE");

    private static TimeSpan PeriodOf(string text) => Durations.TryParse(text, out var period) && period > TimeSpan.Zero
        ? period
        : throw new UserErrorException($"found --batch-period {text}, expected a duration such as 30s or 5m");
}
