using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Definitions;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A register of companies, imported under a quota: the import is killed with -9 in the middle, gone on with, and compared with the register.</summary>
internal sealed class CompaniesDemo : IDemo
{
    private const int Limit = 100;

    // Before the first window of the quota is used up, so that it is read rather than waited; by then some départements are done and some are not.
    private const int KilledAfter = 80;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    public string Recipe => "companies";

    public async Task<int> RunAsync(DemoScene scene, CancellationToken stopping)
    {
        var since = TimeProvider.System.GetUtcNow();
        await using var register = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = Limit, Interval = Window }, stopping);
        await using var reviewer = await RunningSimulator.StartAsync("enrichment", new SimulatorOptions { Delay = new DelayRange(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(5)), Rubbish = 0.01 }, stopping);
        var window = Durations.Format(Window);
        var project = await scene.ConfigureAsync(
            $"The demo's simulators. They have ended; these start them again: tidemark simulate sirene --limit {Limit} --interval {window} --port {register.Address.Port}, tidemark simulate enrichment --delay 5ms --rubbish 1% --port {reviewer.Address.Port}",
            new(StringComparer.Ordinal)
            {
                ["COMPANIES_URL"] = DemoScene.UrlOf(register), ["COMPANIES_LIMIT"] = $"{Limit}", ["COMPANIES_INTERVAL"] = window, ["COMPANIES_PER_DAY"] = "1000000",
                ["COMPANIES_REVIEWS"] = "true", ["REVIEWS_URL"] = DemoScene.UrlOf(reviewer), ["REVIEWS_INTERVAL"] = window,
            }, stopping);
        var (place, known) = await DemoScene.LookAsync(project, stopping);
        string[] options = known ? ["--full"] : [];

        scene.Say($"The register listens on {DemoScene.UrlOf(register)} and allows {Limit} calls in {window}; a service that writes reviews listens on {DemoScene.UrlOf(reviewer)}.");
        scene.Say($"The import runs as a process of its own, and is killed with -9 in the middle.{(known ? " The database knows an earlier one, so everything is read again (--full)." : "")}");
        scene.Say("");
        if (await KilledAsync(scene, project, register, options, stopping) is not { } killed) return ExitCode.SomeFailed;
        scene.Say($"Killed with -9 after {killed.Calls} calls: {killed.Done} of {killed.Slices} départements are done, with {Terminal.Number(killed.Records)} companies.");
        scene.Say("The same command again. What is done is not asked for again:");
        scene.Say("");
        using var second = scene.Start(options);
        var (exitCode, output) = await second.EndAsync(stopping);

        var outcome = await CompaniesOutcome.ReadAsync(project, register, reviewer, since, stopping);
        if (scene.Terminal.Json) outcome.WriteJson(killed, output);
        else outcome.Tell(scene, killed, window, place);
        // The communes without a SIRET, and reviews of no use, are failed records: expected.
        return exitCode is ExitCode.Done or ExitCode.SomeFailed && outcome.IsGood ? ExitCode.Done : Math.Max(ExitCode.SomeFailed, exitCode);
    }

    // Null: it ended before.
    private static async Task<KilledImport?> KilledAsync(DemoScene scene, Project project, RunningSimulator register, string[] options, CancellationToken stopping)
    {
        using var first = scene.Start(options);
        while (!first.HasExited && register.Calls.Total < KilledAfter) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stopping);
        if (first.HasExited)
        {
            await Console.Error.WriteLineAsync("the import ended before it could be killed");
            return null;
        }
        await first.KillAsync();
        return await KilledImport.ReadAsync(project, register.Calls.Total, stopping);
    }
}
