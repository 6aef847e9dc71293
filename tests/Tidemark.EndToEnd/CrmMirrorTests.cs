using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>System 3, the CRM mirror: the recipe as a process against the simulator.</summary>
public sealed class CrmMirrorTests : IDisposable
{
    private static readonly string[] Kinds = ["clients", "pianos", "appointments", "timeline", "users"];
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("day", 62)]
    [InlineData("quiet", 15)]
    [InlineData("busy", 42)]
    public async Task Second_run_after_a_day_writes_the_changed_records_exactly_with_four_calls(string day, int changes)
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        var first = await RunAsync(simulator);
        Totals(first, "read").ShouldBe(2785);
        Totals(first, "inserted").ShouldBe(2785);
        await EqualsTruthAsync(simulator);

        await simulator.AdvanceAsync(day);
        var callsBefore = simulator.Calls.Total;
        var second = await RunAsync(simulator);

        (simulator.Calls.Total - callsBefore).ShouldBe(4);
        Totals(second, "requests").ShouldBe(4);
        (Totals(second, "inserted") + Totals(second, "updated")).ShouldBe(changes);
        Totals(second, "written").ShouldBe(changes);
        Totals(second, "failed").ShouldBe(0);
        second.GetProperty("streams").EnumerateArray().Single(s => s.GetProperty("stream").GetString() == "users").GetProperty("not_run").GetBoolean().ShouldBeTrue();
        await EqualsTruthAsync(simulator);
    }

    [Fact]
    public async Task Third_run_of_an_unchanged_source_writes_nothing()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        await RunAsync(simulator);
        await simulator.AdvanceAsync("day");
        await RunAsync(simulator);

        var third = await RunAsync(simulator);

        Totals(third, "written").ShouldBe(0);
        Totals(third, "duplicates").ShouldBeGreaterThan(0);
        await EqualsTruthAsync(simulator);
    }

    [Fact]
    public async Task Report_has_the_documented_form()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        await RunAsync(simulator);
        await simulator.AdvanceAsync("day");
        var report = await RunAsync(simulator);

        string[] counts = ["requests", "cost", "throttled_ms", "retries", "write_retries", "pages", "bytes", "read", "written", "inserted", "updated", "unchanged", "duplicates", "failed", "skipped", "deleted", "batches", "commits",
            "request_ms", "read_ms", "write_ms", "enriched", "enrich_kept", "enrich_requests", "enrich_ms"];
        report.EnumerateObject().Select(p => p.Name).ShouldBe(["run_id", "pipeline", "status", "started_at", "duration_ms", "totals", "streams", "warnings"]);
        report.GetProperty("totals").EnumerateObject().Select(p => p.Name).ShouldBe(counts);
        report.GetProperty("status").GetString().ShouldBe("succeeded");
        var clients = report.GetProperty("streams")[0];
        clients.GetProperty("mode").GetString().ShouldBe("incremental");
        clients.GetProperty("stopped_early").GetBoolean().ShouldBeTrue();
        clients.GetProperty("last_full_read").GetInt64().ShouldBe(1344);
        clients.GetProperty("reduction_percent").GetDouble().ShouldBe(99.6);
        foreach (var stream in report.GetProperty("streams").EnumerateArray())
        {
            long Count(string name) => stream.GetProperty(name).GetInt64();
            Count("read").ShouldBe(Count("inserted") + Count("updated") + Count("unchanged") + Count("failed") + Count("skipped"));
        }
    }

    [Fact]
    public async Task Full_run_compares_everything_and_writes_what_changed()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        await RunAsync(simulator);
        await simulator.AdvanceAsync("day");

        var full = await RunAsync(simulator, "--full");

        Totals(full, "read").ShouldBe(2785 + 20);
        Totals(full, "written").ShouldBe(62);
        await EqualsTruthAsync(simulator);
    }

    private async Task<JsonElement> RunAsync(RunningSimulator simulator, params string[] arguments)
    {
        var recipe = Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml");
        File.Copy(recipe, _directory["tidemark.yaml"], overwrite: true);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CRM_URL"] = simulator.Address.ToString().TrimEnd('/') };
        var result = await Tool.RunAsync(_directory.Path, environment, ["run", "--json", .. arguments]);
        result.ExitCode.ShouldBe(0, result.Error + result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task EqualsTruthAsync(RunningSimulator simulator)
    {
        foreach (var kind in Kinds) Truth.Differences(await Truth.RecordsAsync(simulator, kind), _directory["crm.db"], kind, "id").ShouldBeEmpty();
    }

    private static long Totals(JsonElement report, string name) => report.GetProperty("totals").GetProperty(name).GetInt64();
}
