using System.CommandLine;
using System.Text;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Failures;

namespace Tidemark.Cli.Commands;

internal static class FailedCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id, or its first digits." };
    private static readonly Argument<string?> Stream = new("STREAM") { Description = "Only of this stream.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int> Limit = new("--limit") { Description = "How many.", DefaultValueFactory = _ => 20, HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("failed", "Look at records that could not be written; they are kept until they are dealt with.")
        {
            List(),
            Show(),
        }.WithExamples("""
            tidemark failed list clients
            tidemark failed show 4f2a
            """);
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The open ones, newest first.") { Stream, Limit };
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            var stream = arguments.GetValue(Stream) is { } name ? project.Stream(name).Name : null;
            await using var store = await project.OpenStoreAsync(stopping);
            var records = await store.ListAsync(project.Pipeline.Name, stream, FailedRecordStatus.Open, arguments.GetValue(Limit), stopping);
            if (terminal.Json)
            {
                CommandRunner.WriteJson(json =>
                {
                    json.WriteStartArray();
                    foreach (var record in records) Write(json, record);
                    json.WriteEndArray();
                });
            }
            else
            {
                foreach (var record in records) Console.Out.WriteLine($"{record.Id[..12]}   {record.FailedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}   {record.Stream}   {record.Reason}");
                if (records.Count == 0) Console.Out.WriteLine("none");
                else if (records.Count == arguments.GetValue(Limit)) Console.Out.WriteLine($"the newest {records.Count}; there may be more: --limit N");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One of them, with its payload as it arrived.") { Id };
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            await using var store = await project.OpenStoreAsync(stopping);
            var id = arguments.GetValue(Id)!;
            var record = await FindAsync(store, id, stopping) ?? throw new UserErrorException($"no failed record has an id that begins with '{id}'; see tidemark failed list");
            if (terminal.Json)
            {
                CommandRunner.WriteJson(json => Write(json, record));
            }
            else
            {
                Console.Out.WriteLine($"id       {record.Id}\nstream   {record.Stream}\nrun      {record.RunId}\nfailed   {record.FailedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC\nreason   {record.Reason}\npayload  {Encoding.UTF8.GetString(record.Payload.Span)}");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<FailedRecord?> FindAsync(IFailedRecordStore store, string id, CancellationToken stopping)
    {
        try
        {
            return await store.FindAsync(id, stopping);
        }
        catch (InvalidOperationException e)
        {
            throw new UserErrorException(e.Message);
        }
    }

    private static void Write(Utf8JsonWriter json, FailedRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("stream", record.Stream);
        json.WriteString("run_id", record.RunId);
        json.WriteString("failed_at", record.FailedAt);
        json.WriteString("reason", record.Reason);
        json.WriteString("payload", Encoding.UTF8.GetString(record.Payload.Span));
        json.WriteEndObject();
    }
}
