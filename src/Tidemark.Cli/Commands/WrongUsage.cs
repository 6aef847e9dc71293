using System.CommandLine;
using System.CommandLine.Parsing;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands;

/// <summary>Finds what is wrong with a command line and names what was meant.</summary>
internal static class WrongUsage
{
    /// <summary>What is wrong, a sentence each; empty: nothing.</summary>
    /// <param name="parsed">The command line.</param>
    public static List<string> Check(ParseResult parsed)
    {
        var command = parsed.CommandResult;
        var problems = parsed.UnmatchedTokens.Select(t => Unknown(command, t)).ToList();
        // An argument that takes any word takes a mistyped option as well; only what follows -- is meant so.
        if (!parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash))
        {
            problems.AddRange(command.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
                .Where(v => v.StartsWith('-') && v.Length > 1).Select(v => Unknown(command, v)));
        }
        if (problems.Count == 0) problems.AddRange(parsed.Errors.Select(e => Describe(e, command)));
        if (problems.Count > 0) problems.Add($"see {Path(command)} --help");
        return problems;
    }

    // The library tells the wanted type in the words of .NET.
    private static string Describe(ParseError error, CommandResult command) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0 } missing => $"{missing.Argument.Name} is missing: {missing.Argument.Description}",
        OptionResult { Option: var option } wrong when error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) =>
            $"found {option.Name} {string.Join(' ', wrong.Tokens.Select(t => t.Value))}, expected {(option.HelpName is "N" or null ? "a whole number" : option.HelpName)}",
        CommandResult when command.Command.Subcommands.Count > 0 => $"{Path(command)} needs a command: {string.Join(", ", command.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}",
        _ => error.Message,
    };

    private static string Unknown(CommandResult command, string token)
    {
        var isOption = token.StartsWith('-');
        IEnumerable<Symbol> known = isOption ? Lineage(command).SelectMany(c => c.Command.Options) : command.Command.Subcommands;
        List<string> names = [.. known.Where(s => !s.Hidden).Select(s => s.Name)];
        return names.Count == 0 ? $"found '{token}', expected nothing more behind {Path(command)}"
            : $"{(isOption ? "no option" : "no command")} of {Path(command)} is called '{token}'{NearestName.Hint(token, names)}";
    }

    private static IEnumerable<CommandResult> Lineage(CommandResult command)
    {
        for (var one = command; one is not null; one = one.Parent as CommandResult) yield return one;
    }

    private static string Path(CommandResult command) => string.Join(' ', Lineage(command).Reverse().Select(c => c.Command.Name));
}
