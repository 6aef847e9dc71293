using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A CRM: a first run, a day passes, a second run reads what has changed.</summary>
internal sealed class CrmDemo : IDemo
{
    public string Recipe => "crm";

    public async Task<int> RunAsync(DemoScene scene, CancellationToken stopping)
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), stopping);
        var address = DemoScene.UrlOf(simulator);
        var project = await scene.ConfigureAsync(
            $"The demo's simulator. It has ended; this starts it again: tidemark simulate crm --port {simulator.Address.Port}", new(StringComparer.Ordinal) { ["CRM_URL"] = address }, stopping);

        var (place, known) = await DemoScene.LookAsync(project, stopping);
        scene.Say($"The crm simulator listens on {address}. First run: {(known ? "the database knows an earlier one, so everything is read again (--full)." : "everything is new.")}");
        var first = await scene.RunAsync(project, new RunOptions { Full = known }, stopping);
        var before = simulator.Calls.Total;
        scene.Say("");
        scene.Say("A day passes: some records change at the source. Second run:");
        await simulator.AdvanceAsync("day");
        var second = await scene.RunAsync(project, new RunOptions(), stopping);
        var calls = simulator.Calls.Total - before;

        var changed = second.Total(Counter.Written);
        var all = first.Total(Counter.Read);
        if (scene.Terminal.Json)
        {
            Console.Out.WriteLine($"{{\"first\":{ReportJson.Of(first)},\"second\":{ReportJson.Of(second)},\"changed\":{changed},\"calls\":{calls}}}");
        }
        else
        {
            scene.Say("");
            scene.Say($"{changed} records changed. The second run found them with {calls} calls; the first needed {before} to read {Terminal.Number(all)}.");
            scene.Say($"The tables are in {place}, the configuration is {scene.File}. Next:");
            scene.Say($"  tidemark show clients -c {scene.File}");
            scene.Say("  tidemark init            your own configuration");
        }
        var good = first.Status == RunStatus.Succeeded && second.Status == RunStatus.Succeeded && changed > 0 && calls < before;
        return good ? ExitCode.Done : Math.Max(ExitCode.SomeFailed, ExitCode.Of(second, []));
    }
}
