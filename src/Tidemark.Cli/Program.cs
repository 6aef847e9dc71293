using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Tidemark.Cli.Commands;
using Tidemark.Cli.Commands.Demos;
using Tidemark.Cli.Commands.Failed;
using Tidemark.Cli.Commands.Keys;
using Tidemark.Cli.Commands.Lookups;
using Tidemark.Cli.Commands.Saving;
using Tidemark.Cli.Hosting;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
StandardOutput.Use();

// Named here, as the file is called otherwise: on Windows and macOS tidemark.dll and Tidemark.dll would be one file.
var root = new Command("tidemark", "Keeps a database in step with other people's APIs: incremental, within quota, safe to kill.").WithExamples("""
    tidemark demo      see it work
    tidemark init      a configuration that runs, to be changed into yours
    tidemark run       bring the tables up to date
    """);
var help = new HelpOption();
help.Action = new Examples.HelpAction((SynchronousCommandLineAction)help.Action!);
foreach (var option in new Option[] { GlobalOptions.Config, GlobalOptions.Json, GlobalOptions.LogLevel, GlobalOptions.NoColor, help, new VersionOption() }) root.Options.Add(option);
foreach (var command in new[]
{
    DemoCommand.Create(), InitCommand.Create(), ValidateCommand.Create(), CheckCommand.Create(), PlanCommand.Create(), RunCommand.Create(), SaveCommand.Create(), ServeCommand.Create(), ShowCommand.Create(), StatusCommand.Create(), MonitorCommand.Create(),
    ResetCommand.Create(), VerifyCommand.Create(), QuotaCommand.Create(), FailedCommand.Create(), LookupCommand.Create(), KeyCommand.Create(), SimulateCommand.Create(), SchemaCommand.Create(), CompletionCommand.Create(), CompletionCommand.CreateComplete(root),
})
{
    root.Subcommands.Add(command);
}

try
{
    var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
    if (parsed.Action is not Examples.HelpAction && WrongUsage.Check(parsed) is { Count: > 0 } problems)
        return ProblemOutput.Tell(args.Contains(GlobalOptions.Json.Name, StringComparer.Ordinal), problems, ExitCode.Usage);
    var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return args.Length == 0 ? ExitCode.Usage : exitCode;
}
catch (OutputLostException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.SomeFailed;
}
