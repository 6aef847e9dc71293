using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Lookups;

internal static class LookupPurge
{
    private static readonly Argument<string[]> Names = new("LOOKUP") { Description = "Lookups; none: all of the file.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> All = new("--all") { Description = "Fresh answers, too: the next callers buy new ones." };

    public static Command Create()
    {
        var command = new Command("purge", "Delete answers past their time, those that may still be served when the API fails excepted. History and counts stay.") { Names, All }.WithExamples("""
            tidemark lookup purge
            tidemark lookup purge scores --all
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var all = arguments.GetValue(All);
            var purged = await LookupCommand.ForEachAsync(
                arguments, arguments.GetValue(Names) ?? [], async lookup => (lookup.Definition.Name, Count: all ? await lookup.EmptyAsync(stopping) : await lookup.CleanUpAsync(stopping)), stopping);
            if (terminal.Json)
            {
                CommandRunner.WriteJson(json =>
                {
                    json.WriteStartObject();
                    json.WriteStartObject("purged");
                    foreach (var (name, count) in purged) json.WriteNumber(name, count);
                    json.WriteEndObject();
                    json.WriteEndObject();
                });
            }
            else
            {
                foreach (var (name, count) in purged) Console.Out.WriteLine($"{name}: {Terminal.Number(count)} {(count == 1 ? "answer" : "answers")} deleted");
                if (purged.Count == 0) Console.Out.WriteLine("the configuration has no lookups");
            }
            return ExitCode.Done;
        });
        return command;
    }
}
