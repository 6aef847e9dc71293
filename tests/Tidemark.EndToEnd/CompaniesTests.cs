using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;
using Tidemark.Simulators.Traffic;

namespace Tidemark.EndToEnd;

/// <summary>System 4, the import of companies: the recipe as a process against the simulator.</summary>
public sealed class CompaniesTests : IDisposable
{
    /// <summary>A page and the empty one behind it, for each of 98 départements.</summary>
    private const int CallsOfAnImport = 196;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Communes_arrive_whole_those_without_a_siret_fail_and_a_day_brings_its_changes_only()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        var first = await RunAsync(sirene, exitCode: 1);
        (Totals(first, "read"), Totals(first, "inserted"), Totals(first, "failed")).ShouldBe((34_969, 34_875, 94));
        sirene.Calls.Total.ShouldBe(CallsOfAnImport);
        await EqualsTruthAsync(sirene);

        await sirene.AdvanceAsync("day");
        var second = await RunAsync(sirene, exitCode: 0);
        // The record at the watermark is read once more.
        (Totals(second, "inserted"), Totals(second, "updated"), Totals(second, "unchanged"), Totals(second, "failed")).ShouldBe((30, 120, 1, 0));
        (sirene.Calls.Total - CallsOfAnImport).ShouldBe(2);
        await EqualsTruthAsync(sirene);
    }

    [Fact]
    public async Task Quota_is_kept_to_the_call()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 40, Interval = TimeSpan.FromSeconds(2) }, CancellationToken.None);
        var report = await RunAsync(sirene, exitCode: 1, ("COMPANIES_LIMIT", "40"), ("COMPANIES_INTERVAL", "2s"));
        Totals(report, "requests").ShouldBe(CallsOfAnImport);
        (sirene.Calls.Total, sirene.Calls.Refused).ShouldBe((CallsOfAnImport, 0));
        sirene.Calls.MaxInWindow.Values.Single().ShouldBeLessThanOrEqualTo(40);
        Totals(report, "throttled_ms").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Day_s_budget_parks_the_import_and_what_was_read_stays()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        var parked = await RunAsync(sirene, exitCode: 5, ("COMPANIES_PER_DAY", "10000"));
        parked.GetProperty("status").GetString().ShouldBe("parked");
        // What a slice gives back when the others have stopped already is left to the next run.
        Totals(parked, "read").ShouldBeInRange(9_900, 10_000);
        // Another day, with another budget.
        var rest = await RunAsync(sirene, exitCode: 1, ("COMPANIES_PER_DAY", "100000"));
        Totals(rest, "inserted").ShouldBe(34_875 - Totals(parked, "inserted"));
        await EqualsTruthAsync(sirene);
    }

    [Fact]
    [Trait("guarantee", "G93")]
    public async Task What_changes_while_the_import_reads_is_found_by_the_first_run_after_it()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        // Before each call one record comes, one changes and one goes: in slices that are done, that are being read, and that are still to be read.
        await Scene.FaultAsync(sirene, $"kind=mutate&count={CallsOfAnImport}");
        await RunAsync(sirene, exitCode: 1);
        var calls = sirene.Calls.Total;
        (await DifferencesAsync(sirene)).Count.ShouldBeGreaterThan(50, "changes that no slice could have seen, or this proves nothing");

        await RunAsync(sirene, exitCode: 0);
        (await DifferencesAsync(sirene)).ShouldBeEmpty();
        (sirene.Calls.Total - calls).ShouldBe(2);
    }

    [Fact]
    [Trait("guarantee", "G82")]
    public async Task Reviewer_that_is_down_ends_the_import_before_more_pages_are_paid_for()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        await using var reviewer = await RunningSimulator.StartAsync("enrichment", new SimulatorOptions { Delay = default(DelayRange), Rubbish = 0 }, CancellationToken.None);
        (string, string)[] variables = [("COMPANIES_REVIEWS", "true"), ("REVIEWS_URL", Scene.Url(reviewer)), ("REVIEWS_INTERVAL", "1ms")];
        await Scene.FaultAsync(reviewer, "kind=503&count=100000");
        var down = await RunAsync(sirene, exitCode: 3, variables);
        down.GetProperty("streams")[0].GetProperty("error").GetString().ShouldStartWith("the service of enrich seems to be down: ");
        // Four départements side by side, two calls each.
        sirene.Calls.Total.ShouldBeLessThanOrEqualTo(8);

        using var client = new HttpClient();
        (await client.PostAsync(new Uri(reviewer.Address, "/_sim/reset"), null)).EnsureSuccessStatusCode();
        Totals(await RunAsync(sirene, exitCode: 1, variables), "failed").ShouldBe(94);
        await EqualsTruthAsync(sirene);
    }

    private async Task<JsonElement> RunAsync(RunningSimulator simulator, int exitCode, params (string Name, string Value)[] variables)
    {
        File.Copy(Path.Combine(Repository.Root, "recipes", "companies", "tidemark.yaml"), _directory["tidemark.yaml"], overwrite: true);
        // As fast as it can, and as many as there are, unless a test is about that.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["COMPANIES_URL"] = Scene.Url(simulator), ["COMPANIES_INTERVAL"] = "1ms", ["COMPANIES_PER_DAY"] = "1000000" };
        foreach (var (name, value) in variables) environment[name] = value;
        var result = await Tool.RunAsync(_directory.Path, environment, "run", "--json");
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task EqualsTruthAsync(RunningSimulator simulator) => Truth.Differences(await TruthAsync(simulator), _directory["companies.db"], "companies", "siret").ShouldBeEmpty();

    // Rows of records that are gone stay: only full reads of everything at once tell deletions.
    private async Task<List<string>> DifferencesAsync(RunningSimulator simulator) =>
        [.. Truth.Differences(await TruthAsync(simulator), _directory["companies.db"], "companies", "siret").Where(d => !d.StartsWith("companies has ", StringComparison.Ordinal))];

    private static async Task<List<JsonElement>> TruthAsync(RunningSimulator simulator) =>
        [.. (await Truth.RecordsAsync(simulator, "siret")).Where(seat => seat.GetProperty("siret").ValueKind == JsonValueKind.String)];

    private static long Totals(JsonElement report, string name) => report.GetProperty("totals").GetProperty(name).GetInt64();
}
