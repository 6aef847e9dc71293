using System.CommandLine;
using System.Text;
using Tidemark.Cli.Hosting;
using Tidemark.Failures;
using Tidemark.Reports;

namespace Tidemark.Cli.Commands.Failed;

internal static class FailedShow
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id, or its first digits." };

    public static Command Create()
    {
        var command = new Command("show", "One of them, with its payload as it arrived.") { Id }.WithExamples("""
            tidemark failed show 4f2a
            """);
        FailedPlace.AddTo(command);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            await using var place = await FailedPlace.OpenAsync(arguments, stopping);
            var record = await place.FindAsync(arguments.GetValue(Id)!, stopping);
            if (terminal.Json) CommandRunner.WriteJson(json => FailedRecordJson.Write(json, record));
            else foreach (var line in Lines(record)) Console.Out.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(FailedRecord record)
    {
        yield return $"id        {record.Id}";
        yield return $"stream    {record.Stream}";
        yield return $"run       {record.RunId}";
        yield return $"failed    {record.FailedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{(record.Attempts > 1 ? $", the last of {record.Attempts} times" : "")}";
        yield return $"status    {ReportJson.Name(record.Status)}{(record.ClosedAt is { } at ? $" since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "")}";
        yield return $"reason    {record.Reason}";
        yield return $"payload   {Encoding.UTF8.GetString(record.Payload.Span)}";
    }
}
