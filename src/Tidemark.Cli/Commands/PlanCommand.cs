using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Runs;
using Tidemark.Runs.Plans;

namespace Tidemark.Cli.Commands;

internal static class PlanCommand
{
    private static readonly Argument<string[]> Streams = new("STREAM") { Description = "Streams to plan; none: all, in the order of the file.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Full = new("--full") { Description = "Plan a run that reads everything again." };
    private static readonly Option<bool> Probe = new("--probe") { Description = "Spend one call a stream, and one for its enrichment, on totals and latencies that are not known." };

    public static Command Create()
    {
        var command = new Command("plan", "Tell how many calls a run needs, what they cost, and when it ends; nothing is called without --probe.") { Streams, Full, Probe }.WithExamples("""
            tidemark plan                     the next run, as far as is known offline
            tidemark plan companies --probe   before the first run: a call asks how much there is
            tidemark plan --full --json
            """);
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var options = new PlanOptions { Streams = arguments.GetValue(Streams) ?? [], Full = arguments.GetValue(Full), Probe = arguments.GetValue(Probe) };
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            // What a probe spends, and what enrichment answers it, has to be kept; else nothing is made that is not there.
            await using var store = options.Probe ? await project.OpenStoreAsync(stopping) : await project.OpenExistingStoreAsync(stopping);
            var report = await new PlanRun(project.Pipeline, options, store).RunAsync(stopping);
            if (terminal.Json) CommandRunner.WriteJson(json => PlanJson.Write(json, report));
            else foreach (var line in PlanText.Lines(report)) Console.Out.WriteLine(line);
            return report.Streams.Any(s => s.Status == RunStatus.Failed) ? ExitCode.SourceFailed : report.Streams.Any(s => s.Status == RunStatus.Parked) ? ExitCode.Parked : ExitCode.Done;
        });
        return command;
    }
}
