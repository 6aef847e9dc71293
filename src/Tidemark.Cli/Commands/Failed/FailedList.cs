using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Failures;
using Tidemark.Reports;

namespace Tidemark.Cli.Commands.Failed;

internal static class FailedList
{
    private static readonly string[] Statuses = ["open", "resolved", "superseded", "all"];
    private static readonly Argument<string?> Stream = new("STREAM") { Description = "Only of this stream.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int> Limit = new("--limit") { Description = "How many.", DefaultValueFactory = _ => 20, HelpName = "N" };
    private static readonly Option<string?> After = new("--after") { Description = "Only those that come after this one, by its id or the first digits of it: the next page.", HelpName = "ID" };
    private static readonly Option<string> Status = new("--status") { Description = "Only those that stand so.", DefaultValueFactory = _ => "open", HelpName = string.Join('|', Statuses) };

    public static Command Create()
    {
        var command = new Command("list", "The open ones, newest first.") { Stream, Limit, After, Status };
        FailedPlace.AddTo(command);
        command.WithExamples("""
            tidemark failed list
            tidemark failed list clients --limit 100
            tidemark failed list clients --limit 100 --after 4f2a
            tidemark failed list --status resolved
            tidemark failed list --saved shops       what tidemark save could not write
            """);
        command.SetBody(ListAsync);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var status = StatusOf(arguments.GetValue(Status)!);
        await using var place = await FailedPlace.OpenAsync(arguments, stopping);
        var stream = arguments.GetValue(Stream) is { } name ? place.Stream(name) : null;
        var last = arguments.GetValue(After) is { } after ? (await place.FindAsync(after, stopping)).Id : null;
        var records = await place.Store.ListAsync(place.PipelineName, stream, status, arguments.GetValue(Limit), last, stopping);
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartArray();
                foreach (var record in records) FailedRecordJson.Write(json, record);
                json.WriteEndArray();
            });
            return ExitCode.Done;
        }
        foreach (var record in records)
            Console.Out.WriteLine($"{record.Id[..12]}   {record.FailedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}   {record.Stream}   {(status == FailedRecordStatus.Open ? "" : $"{ReportJson.Name(record.Status)}   ")}{record.Reason}");
        if (records.Count == 0) Console.Out.WriteLine("none");
        else if (records.Count == arguments.GetValue(Limit)) Console.Out.WriteLine($"there may be more: --after {records[^1].Id[..12]}, or --limit N");
        return ExitCode.Done;
    }

    private static FailedRecordStatus? StatusOf(string name) => name switch
    {
        "all" => null,
        _ when Statuses.Contains(name, StringComparer.Ordinal) => Enum.Parse<FailedRecordStatus>(name, ignoreCase: true),
        _ => throw new UserErrorException($"found --status {name}, expected {string.Join(", ", Statuses)}{NearestName.Hint(name, Statuses)}"),
    };
}
