using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Tidemark.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string> Config { get; } = new("--config", "-c")
    {
        Description = "The configuration file; .env beside it is read, the environment wins.",
        DefaultValueFactory = _ => "tidemark.yaml",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output, and nothing else there.", Recursive = true };

    public static Option<LogLevel> LogLevel { get; } = new("--log-level")
    {
        Description = "Least level of log lines on standard error.",
        DefaultValueFactory = _ => Microsoft.Extensions.Logging.LogLevel.Warning,
        HelpName = "trace|debug|information|warning|error|none",
        Recursive = true,
    };

    public static Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours; the environment variable NO_COLOR does the same.", Recursive = true };
}
