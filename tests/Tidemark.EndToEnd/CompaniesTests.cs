using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>System 4, the import of companies: the recipe as a process against the simulator.</summary>
public sealed class CompaniesTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Communes_arrive_whole_those_without_a_siret_fail_and_a_day_brings_its_changes_only()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        var first = await RunAsync(sirene, exitCode: 1);
        (Totals(first, "read"), Totals(first, "inserted"), Totals(first, "failed")).ShouldBe((34_969, 34_875, 94));
        sirene.Calls.Total.ShouldBe(36);
        await EqualsTruthAsync(sirene);

        await sirene.AdvanceAsync("day");
        var second = await RunAsync(sirene, exitCode: 0);
        (Totals(second, "inserted"), Totals(second, "updated"), Totals(second, "failed")).ShouldBe((30, 120, 0));
        (sirene.Calls.Total - 36).ShouldBe(2);
        await EqualsTruthAsync(sirene);
    }

    private async Task<JsonElement> RunAsync(RunningSimulator simulator, int exitCode)
    {
        File.Copy(Path.Combine(Repository.Root, "recipes", "companies", "tidemark.yaml"), _directory["tidemark.yaml"], overwrite: true);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["COMPANIES_URL"] = Scene.Url(simulator) };
        var result = await Tool.RunAsync(_directory.Path, environment, "run", "--json");
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task EqualsTruthAsync(RunningSimulator simulator)
    {
        var truth = (await Truth.RecordsAsync(simulator, "siret")).Where(seat => seat.GetProperty("siret").ValueKind == JsonValueKind.String).ToList();
        Truth.Differences(truth, _directory["companies.db"], "companies", "siret").ShouldBeEmpty();
    }

    private static long Totals(JsonElement report, string name) => report.GetProperty("totals").GetProperty(name).GetInt64();
}
