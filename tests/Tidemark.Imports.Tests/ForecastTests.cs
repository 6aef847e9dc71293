using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.Http;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Runs.Plans;
using Tidemark.Scanning;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Sources;
using Tidemark.Sqlite;
using Tidemark.Tests.Support;
using Xunit.Abstractions;

namespace Tidemark.Imports.Tests;

/// <summary>
/// The finish time that a run shows while it goes on, against its true end, on a clock that moves only while all wait for the quota: each time before it moves, the run is forecast.
/// </summary>
[Trait("guarantee", "G88")]
public sealed class ForecastTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-").FullName;
    private readonly ManualTime _clock = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    // 350 calls, 100 a minute: three full windows and a rest.
    [InlineData(QuotaPace.Burst, 100, 0, 0)]
    // One every 0.6 s.
    [InlineData(QuotaPace.Smooth, 100, 0, 0)]
    // 10 000 records a day, each day a run: parked three times.
    [InlineData(QuotaPace.Burst, 100, 10_000, 3)]
    // A page that the end of each day cuts is read twice.
    [InlineData(QuotaPace.Burst, 96, 10_000, 3)]
    public async Task Finish_time_from_a_fifth_on_is_within_a_tenth_of_the_true_one(QuotaPace pace, int page, int perDay, int parks)
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 100, Time = _clock }, CancellationToken.None);
        var pipeline = Pipeline(sirene, pace, page, perDay);
        var (start, seen) = (_clock.GetUtcNow(), new List<(DateTimeOffset At, double Progress, DateTimeOffset? End)>());
        PlanReport plan;
        await using (var store = await OpenAsync()) plan = await new PlanRun(pipeline, new PlanOptions { ProbeCalls = 1 }, store) { Time = _clock }.RunAsync(CancellationToken.None);
        var parked = 0;
        while (await RunAsync(pipeline, seen) is { } until)
        {
            parked++;
            if (until > _clock.GetUtcNow()) _clock.Advance(until - _clock.GetUtcNow());
        }
        var took = _clock.GetUtcNow() - start;
        parked.ShouldBe(parks);

        // The probe's call is one of the window's, and what a call takes is not measured on this clock.
        var planned = plan.EndsAt!.Value - start;
        output.WriteLine($"took {took}, planned {planned}");
        Math.Abs((planned - took) / took).ShouldBeLessThanOrEqualTo(0.05);
        var counted = seen.Where(s => s.Progress >= 0.2).ToList();
        // A day whose budget ends with its window parks without a wait, or after one: how often is a matter of who is first.
        counted.ShouldNotBeEmpty();
        foreach (var (at, progress, end) in counted)
        {
            output.WriteLine($"{at - start} {progress:P1}: {end - start}");
            end.ShouldNotBeNull();
            Math.Abs((end.Value - start - took) / took).ShouldBeLessThanOrEqualTo(0.1, $"forecast at {at - start}, {progress:P1}: {end - start}, true: {took}");
        }
    }

    // When it may go on; null: it is done.
    private async Task<DateTimeOffset?> RunAsync(PipelineDefinition pipeline, List<(DateTimeOffset At, double Progress, DateTimeOffset? End)> seen)
    {
        await using var store = await OpenAsync();
        var run = new PipelineRun(pipeline, new RunOptions(), store) { Time = _clock, Random = new Random(1) };
        var forecaster = new RunForecaster(pipeline, new RunOptions(), store, run.Progress) { Time = _clock };
        var running = run.RunAsync(CancellationToken.None);
        // The gate has a timer, and the writer has one to renew its lease, but for the time of a commit: that must not see the clock move, or it would seem to take so long.
        await _clock.DriveAsync(running, timers => timers == 2 && run.Progress.QuotaWaits.Count > 0, async () =>
        {
            var forecast = await forecaster.ForecastAsync(CancellationToken.None);
            if (forecast.Streams is [{ Progress: { } progress } finish]) seen.Add((forecast.At, progress, finish.EndsAt));
        });
        var report = await running;
        report.Status.ShouldBeOneOf(RunStatus.Partial, RunStatus.Succeeded, RunStatus.Parked);
        return report.Streams[0].ParkedUntil;
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(Path.Combine(_directory, "store.db"), _clock, CancellationToken.None);

    private PipelineDefinition Pipeline(RunningSimulator sirene, QuotaPace pace, int page, int perDay) => new()
    {
        Name = "import",
        Quotas = new Dictionary<string, QuotaDefinition>(StringComparer.Ordinal)
        {
            ["insee"] = new() { Rates = [new QuotaRate(100, TimeSpan.FromMinutes(1))], Pace = pace, Budgets = perDay > 0 ? [new QuotaBudget(BudgetUnit.Records, perDay)] : [] },
        },
        Sources = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal)
        {
            ["insee"] = new RestSource { Url = sirene.Address, Authenticator = new ApiKeyAuthenticator { Header = "X-INSEE-Api-Key-Integration", Value = new("demo-key") }, Quota = new QuotaUse("insee") },
        },
        Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["db"] = new SqliteDestination { Path = Path.Combine(_directory, "companies.db") } },
        Streams =
        [
            new StreamDefinition
            {
                Name = "companies",
                Request = new RestRequest
                {
                    Path = "/api-sirene/3.11/siret",
                    Records = "etablissements",
                    Paginator = new CursorPaginator { CursorPath = "header.curseurSuivant", CursorParam = "curseur", Initial = "*", PageSize = page, PageSizeParam = "nombre", TotalPath = "header.total" },
                },
                PrimaryKey = ["siret"],
                Batch = new BatchDefinition { Count = page, Period = TimeSpan.FromDays(1) },
                Incremental = new IncrementalDefinition { CursorField = "dateDernierTraitementEtablissement" },
            },
        ],
    };
}
