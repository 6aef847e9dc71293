using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Reports;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands;

internal static class QuotaCommand
{
    public static Command Create()
    {
        var command = new Command("quota", "Show what of each quota is spent, and left, now: by limit and by stream; nothing is called.").WithExamples("tidemark quota");
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            await using var store = await project.OpenStoreAsync(stopping);
            var quotas = await QuotaReport.ReadAsync(project.Pipeline, store, TimeProvider.System, stopping);
            if (terminal.Json) CommandRunner.WriteJson(json => QuotaJson.Write(json, quotas));
            else foreach (var line in QuotaOutput.Lines(quotas)) Console.Out.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }
}
