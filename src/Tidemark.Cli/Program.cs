using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using Tidemark.Cli.Commands;
using Tidemark.Cli.Hosting;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

// Named here, as the file is called otherwise: on Windows and macOS tidemark.dll and Tidemark.dll would be one file.
var root = new Command("tidemark", """
    Keeps a database in step with other people's APIs: incremental, within quota, safe to kill.

    Begin:
      tidemark demo      see it work
      tidemark init      a configuration that runs, to be changed into yours
      tidemark run       bring the tables up to date
    """);
foreach (var option in new Option[] { GlobalOptions.Config, GlobalOptions.Json, GlobalOptions.LogLevel, GlobalOptions.NoColor, new HelpOption(), new VersionOption() }) root.Options.Add(option);
foreach (var command in new[]
{
    DemoCommand.Create(), InitCommand.Create(), ValidateCommand.Create(), CheckCommand.Create(), RunCommand.Create(), ShowCommand.Create(),
    ResetCommand.Create(), FailedCommand.Create(), SimulateCommand.Create(), SchemaCommand.Create(), CompletionCommand.Create(), CompletionCommand.CreateComplete(root),
})
{
    root.Subcommands.Add(command);
}

var parsed = root.Parse(args);
if (Usage.Check(parsed) is { Count: > 0 } problems) return Problems.Tell(args.Contains(GlobalOptions.Json.Name, StringComparer.Ordinal), problems, ExitCode.Usage);
// Wrong usage is told from a run whose records failed: it exits 2, not 1.
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
