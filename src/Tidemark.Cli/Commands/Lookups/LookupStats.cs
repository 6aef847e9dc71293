using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Reports;

namespace Tidemark.Cli.Commands.Lookups;

internal static class LookupStats
{
    private static readonly Argument<string[]> Names = new("LOOKUP") { Description = "Lookups; none: all, in the order of the file.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("stats", "Show entries, hits, misses, how often an answer is reused, and what was spent and saved; nothing is called.") { Names }.WithExamples("""
            tidemark lookup stats
            tidemark lookup stats scores --json
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var figures = await LookupCommand.ForEachAsync(arguments, arguments.GetValue(Names) ?? [], lookup => lookup.SummarizeAsync(stopping), stopping);
            if (terminal.Json) CommandRunner.WriteJson(json => LookupJson.Write(json, figures));
            else foreach (var line in LookupText.Lines(figures)) Console.Out.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }
}
