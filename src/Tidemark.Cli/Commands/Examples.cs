using System.CommandLine;
using System.CommandLine.Invocation;

namespace Tidemark.Cli.Commands;

/// <summary>Help ends with examples: those of the command that is asked about.</summary>
internal static class Examples
{
    private static readonly Dictionary<Command, string> Texts = [];

    /// <summary>Gives a command examples, a line each.</summary>
    public static T WithExamples<T>(this T command, string examples) where T : Command
    {
        Texts[command] = examples;
        return command;
    }

    /// <summary>Help as usual, then the examples.</summary>
    public sealed class HelpAction(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var answer = help.Invoke(parseResult);
            if (!Texts.TryGetValue(parseResult.CommandResult.Command, out var examples)) return answer;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in examples.Split('\n')) output.WriteLine($"  {line.TrimEnd()}");
            output.WriteLine();
            return answer;
        }
    }
}
