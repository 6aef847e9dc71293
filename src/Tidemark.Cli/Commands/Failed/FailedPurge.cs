using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands.Failed;

internal static class FailedPurge
{
    private static readonly Option<string> OlderThan = new("--older-than") { Description = "How long they have been closed.", DefaultValueFactory = _ => "30d", HelpName = "30d" };

    public static Command Create()
    {
        var command = new Command("purge", "Delete those that are resolved or superseded. Open ones stay, however old.") { OlderThan }.WithExamples("""
            tidemark failed purge                    closed more than 30 days ago
            tidemark failed purge --older-than 0s    all that are closed
            """);
        command.SetBody(PurgeAsync);
        return command;
    }

    private static async Task<int> PurgeAsync(ParseResult arguments, Terminal terminal, CancellationToken stopping)
    {
        var text = arguments.GetValue(OlderThan)!;
        if (!Durations.TryParse(text, out var age) || age < TimeSpan.Zero) throw new UserErrorException($"found --older-than {text}, expected a duration such as 30d or 12h");
        var now = TimeProvider.System.GetUtcNow();
        var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
        await using var store = await project.OpenStoreAsync(stopping);
        var purged = await store.PurgeAsync(project.Pipeline.Name, now - age, stopping);
        if (terminal.Json)
        {
            CommandRunner.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("purged", purged);
                json.WriteString("closed_before", now - age);
                json.WriteEndObject();
            });
        }
        else
        {
            Console.Out.WriteLine($"{Terminal.Number(purged)} purged: closed before {(now - age).UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        }
        return ExitCode.Done;
    }
}
