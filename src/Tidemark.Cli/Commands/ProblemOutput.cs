using Tidemark.Cli.Hosting;
using Tidemark.Definitions;

namespace Tidemark.Cli.Commands;

/// <summary>Tells a failure: to people on standard error, to programs as the one JSON document on standard output as well.</summary>
internal static class ProblemOutput
{
    /// <summary>Tells what is wrong.</summary>
    /// <param name="json">True if standard output takes a JSON document.</param>
    /// <param name="messages">What is wrong, one or several.</param>
    /// <param name="exitCode">What the process answers.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(bool json, IReadOnlyCollection<string> messages, int exitCode) => Tell(json, messages, [], exitCode);

    /// <summary>Tells what is wrong with a configuration.</summary>
    public static int Tell(bool json, IReadOnlyList<ConfigProblem> problems) => Tell(json, [.. problems.Select(p => p.ToString())], problems, ExitCode.Usage);

    private static int Tell(bool json, IReadOnlyCollection<string> messages, IReadOnlyList<ConfigProblem> problems, int exitCode)
    {
        foreach (var message in messages) Console.Error.WriteLine(message);
        if (!json) return exitCode;
        CommandRunner.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", string.Join('\n', messages));
            writer.WriteNumber("exit_code", exitCode);
            if (problems.Count > 0) ValidateCommand.Write(writer, problems);
            writer.WriteEndObject();
        });
        return exitCode;
    }
}
