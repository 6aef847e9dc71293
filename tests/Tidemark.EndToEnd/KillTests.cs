using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>kill -9 at random moments: the next run goes on, and the tables equal the source.</summary>
public sealed class KillTests
{
    private const int Kills = 50;
    private const int CallsOfARun = 31;
    private static readonly string[] Kinds = ["clients", "pianos", "appointments", "timeline", "users"];

    [Fact]
    [Trait("guarantee", "G29")]
    public async Task First_run_killed_at_random_moments_ends_with_the_source()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CRM_URL"] = simulator.Address.ToString().TrimEnd('/') };
        var random = new Random(20260109);
        var killed = 0;
        for (var i = 0; i < Kills; i++)
        {
            using var directory = new TempDirectory();
            // Small batches, so that there are many places between two commits.
            directory.File("tidemark.yaml", Recipe(batch: 1 + random.Next(200)));
            using (var tool = Tool.Start(directory.Path, environment, "run", "--json"))
            {
                // A moment between the first call and the last, as the source saw them, and a little later.
                var calls = simulator.Calls.Total + random.Next(CallsOfARun);
                while (!tool.HasExited && simulator.Calls.Total < calls) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 15), TimeProvider.System);
                if (!tool.HasExited) killed++;
                await tool.KillAsync();
            }
            var result = await Tool.RunAsync(directory.Path, environment, "run", "--json");
            result.ExitCode.ShouldBe(0, result.Error + result.Output);
            foreach (var kind in Kinds)
                Truth.Differences(await Truth.RecordsAsync(simulator, kind), directory["crm.db"], kind, "id").ShouldBeEmpty($"after kill {i}");
        }
        killed.ShouldBeGreaterThan(Kills / 2, "most kills must hit a running process, or they prove nothing");
    }

    private static string Recipe(int batch) =>
        File.ReadAllText(Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml"))
            .Replace("    primary_key: id\n", $"    primary_key: id\n    batch: {{ count: {batch} }}\n", StringComparison.Ordinal);
}
