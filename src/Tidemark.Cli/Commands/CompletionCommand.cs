using System.CommandLine;
using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands;

internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _tidemark() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(tidemark complete "${COMP_POINT}" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _tidemark tidemark
            """,
        ["zsh"] = """
            _tidemark() {
              local -a words_found
              words_found=("${(@f)$(tidemark complete "${CURSOR}" "${BUFFER}" 2>/dev/null)}")
              compadd -a words_found
            }
            compdef _tidemark tidemark
            """,
        ["fish"] = """
            complete -c tidemark -a '(tidemark complete (commandline -C) (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName tidemark -ScriptBlock {
              param($word, $line, $cursor)
              tidemark complete $cursor "$line" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh, fish or pwsh." };

    public static Command Create()
    {
        var command = new Command("completion", "Print a script that completes commands and options in a shell.") { Shell }.WithExamples("source <(tidemark completion bash)");
        Shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        command.SetBody((arguments, _, _) =>
        {
            Console.Out.WriteLine(Scripts[arguments.GetValue(Shell)!]);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>What the scripts ask: the words that may stand at a position of a command line.</summary>
    public static Command CreateComplete(Command root)
    {
        var position = new Argument<int>("POSITION");
        var line = new Argument<string>("LINE");
        var command = new Command("complete") { position, line };
        command.Hidden = true;
        command.SetBody((arguments, _, _) =>
        {
            var text = arguments.GetValue(line)!;
            var at = Math.Clamp(arguments.GetValue(position), 0, text.Length);
            foreach (var completion in root.Parse(text[..at]).GetCompletions(at)) Console.Out.WriteLine(completion.Label);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
