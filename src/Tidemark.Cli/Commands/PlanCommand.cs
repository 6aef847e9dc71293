using System.CommandLine;
using System.Globalization;
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
    private static readonly Option<int> ProbeCalls = new("--probe-calls") { Description = "As --probe, with so many calls a stream: how long a call takes is told by those after the first, which opens the connection.", HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("plan", "Tell how many calls a run needs, what they cost, and when it ends; nothing is called without --probe.") { Streams, Full, Probe, ProbeCalls }.WithExamples("""
            tidemark plan                     the next run, as far as is known offline
            tidemark plan companies --probe   before the first run: a call asks how much there is
            tidemark plan --probe-calls 5     the same, and four more say how long a call takes
            tidemark plan --full --json
            """);
        ProbeCalls.Validators.Add(r => { if (r.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var calls) && calls > 0)) r.AddError($"found --probe-calls {token.Value}, expected a whole number, at least 1"); });
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var options = new PlanOptions { Streams = arguments.GetValue(Streams) ?? [], Full = arguments.GetValue(Full), ProbeCalls = Math.Max(arguments.GetValue(ProbeCalls), arguments.GetValue(Probe) ? 1 : 0) };
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            // What a probe spends, and what enrichment answers it, has to be kept; else nothing is made that is not there.
            await using var store = options.ProbeCalls > 0 ? await project.OpenStoreAsync(stopping) : await project.OpenExistingStoreAsync(stopping);
            var report = await new PlanRun(project.Pipeline, options, store).RunAsync(stopping);
            if (terminal.Json) CommandRunner.WriteJson(json => PlanJson.Write(json, report));
            else foreach (var line in PlanText.Lines(report)) Console.Out.WriteLine(line);
            return report.Streams.Any(s => s.Status == RunStatus.Failed) ? ExitCode.SourceFailed : report.Streams.Any(s => s.Status == RunStatus.Parked) ? ExitCode.Parked : ExitCode.Done;
        });
        return command;
    }
}
