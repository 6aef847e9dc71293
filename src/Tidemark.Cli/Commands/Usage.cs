using System.CommandLine;
using System.CommandLine.Parsing;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands;

/// <summary>What is wrong with a command line, in a line or two, with the nearest known word.</summary>
internal static class Usage
{
    /// <summary>The message, or null if nothing is wrong.</summary>
    public static string? Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = Path(parsed.CommandResult);
        // A mistyped option would else be taken for a value, such as the name of a stream.
        var option = parsed.UnmatchedTokens.Concat(parsed.Tokens.Where(t => t.Type == TokenType.Argument).Select(t => t.Value))
            .FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal));
        if (option is not null) return $"unknown option '{option}'{NearestName.Hint(option, Options(parsed))}\nsee {path} --help";
        if (parsed.UnmatchedTokens is [var unknown, ..] && command.Subcommands.Count > 0)
            return $"unknown command '{unknown}'{NearestName.Hint(unknown, [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)])}\nsee {path} --help";
        return parsed.Errors.Count == 0 ? null : $"{string.Join('\n', parsed.Errors.Select(Message))}\nsee {path} --help";
    }

    // The library tells the wanted type in the words of .NET.
    private static string Message(ParseError error) => error.SymbolResult is OptionResult { Option: var option } && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)
        ? $"found {option.Name} {string.Join(' ', error.SymbolResult.Tokens.Select(t => t.Value))}, expected {option.HelpName switch { "N" or null => "a whole number", var form => form }}"
        : error.SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: var missing } ? $"{missing.Name} is missing: {missing.Description}"
        : error.Message;

    private static List<string> Options(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is CommandResult { Command: var command }) names.AddRange(command.Options.Where(o => !o.Hidden).Select(o => o.Name));
        }
        return names;
    }

    private static string Path(CommandResult result) => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : result.Command.Name;
}
