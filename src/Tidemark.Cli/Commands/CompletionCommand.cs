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
              COMPREPLY=($(compgen -W "$(tidemark "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _tidemark tidemark
            """,
        ["zsh"] = """
            _tidemark() {
              local -a words_found
              words_found=("${(@f)$(tidemark "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              compadd -a words_found
            }
            compdef _tidemark tidemark
            """,
        ["fish"] = """
            complete -c tidemark -a '(tidemark "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName tidemark -ScriptBlock {
              param($word, $line, $cursor)
              tidemark "[suggest:$cursor]" "$line" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh, fish or pwsh." };

    public static Command Create()
    {
        var command = new Command("completion", """
            Print a script that completes commands and options in a shell.

            Example:
              source <(tidemark completion bash)
            """) { Shell };
        Shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        command.SetBody((arguments, _, _) =>
        {
            Console.Out.WriteLine(Scripts[arguments.GetValue(Shell)!]);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
