using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Destinations;
using Tidemark.Http;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Sources;
using Tidemark.Sqlite;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Imports.Tests;

/// <summary>
/// An import that takes fifteen days, on a clock that moves only while all that is left to do is to wait: for the quota, and from the end of a day's budget to the next day. Each day is a
/// run that opens its store and its database anew, against one simulator that counts on the same clock.
/// </summary>
internal sealed class LongImport : IAsyncDisposable
{
    public const int Days = 15, PerDay = 35_000, PerMinute = 30;

    private readonly string _directory;
    private readonly ManualTime _clock;
    private readonly RunningSimulator _sirene;
    private long _committed;

    private LongImport(string directory, ManualTime clock, RunningSimulator sirene) => (_directory, _clock, _sirene) = (directory, clock, sirene);

    public static async Task<LongImport> StartAsync(string directory)
    {
        var clock = new ManualTime();
        return new LongImport(directory, clock, await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Scale = 16, Limit = PerMinute, Time = clock }, CancellationToken.None));
    }

    /// <summary>Imports until the day's budget is spent, and goes on to the next day.</summary>
    public async Task<DayResult> RunDayAsync()
    {
        var stream = (await RunAsync()).Streams.Single();
        _committed = Math.Max(_committed, GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        var oldest = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[2];
        var calls = _sirene.Calls;
        if (stream.ParkedUntil is { } until) _clock.Advance(until - _clock.GetUtcNow());
        return new DayResult(stream.Error is null ? $"{stream.Status}" : $"{stream.Status}: {stream.Error}", stream.ParkedUntil, stream.Counts[Counter.Inserted] + stream.Counts[Counter.Failed], stream.Counts[Counter.Read],
            calls.Total, calls.Refused, calls.MaxInWindow["60s"], oldest.SizeAfterBytes - oldest.FragmentationAfterBytes, GC.GetTotalMemory(forceFullCollection: false), _committed);
    }

    /// <summary>Compares the rows with what the register says is true: they are in the order in which it gave them, each once, none lost.</summary>
    public async Task CheckAsync()
    {
        using var client = new HttpClient();
        using var truth = new StreamReader(await client.GetStreamAsync(new Uri(_sirene.Address, "/_sim/records/siret")));
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_directory, "companies.db")};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT siret, uniteLegale ->> '$.denominationUniteLegale', dateDernierTraitementEtablissement FROM companies ORDER BY rowid";
        await using var rows = await command.ExecuteReaderAsync();
        for (var i = 0; i < Days * PerDay; i++)
        {
            using var record = JsonDocument.Parse((await truth.ReadLineAsync())!);
            string? Text(string name) => record.RootElement.GetProperty(name).GetString();
            if (Text("siret") is not { } siret) continue;
            (await rows.ReadAsync()).ShouldBeTrue($"record {i}");
            (rows.GetString(0), rows.GetString(1), rows.GetString(2))
                .ShouldBe((siret, record.RootElement.GetProperty("uniteLegale").GetProperty("denominationUniteLegale").GetString()!, Text("dateDernierTraitementEtablissement")!), $"record {i}");
        }
        (await rows.ReadAsync()).ShouldBeFalse();
    }

    public ValueTask DisposeAsync() => _sirene.DisposeAsync();

    private async Task<RunReport> RunAsync()
    {
        await using var store = await SqliteStore.OpenAsync(Path.Combine(_directory, "store.db"), _clock, CancellationToken.None);
        var run = new PipelineRun(Pipeline(), new RunOptions(), store) { Time = _clock, Random = new Random(1) };
        var running = run.RunAsync(CancellationToken.None);
        // While something waits for the quota, no call is under way whose time could run out.
        await _clock.DriveAsync(running, () => run.Progress.QuotaWaits.Count > 0);
        return await running;
    }

    private PipelineDefinition Pipeline() => new()
    {
        Name = "import",
        Quotas = new Dictionary<string, QuotaDefinition>(StringComparer.Ordinal)
        {
            ["insee"] = new() { Rates = [new QuotaRate(PerMinute, TimeSpan.FromMinutes(1))], Budgets = [new QuotaBudget(BudgetUnit.Records, PerDay)] },
        },
        Sources = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal)
        {
            ["insee"] = new RestSource
            {
                Url = _sirene.Address,
                Authenticator = new ApiKeyAuthenticator { Header = "X-INSEE-Api-Key-Integration", Value = new("demo-key") },
                Quota = new QuotaUse("insee"),
            },
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
                    // Of such a size that the budget of a day ends within a page.
                    Paginator = new CursorPaginator { CursorPath = "header.curseurSuivant", CursorParam = "curseur", Initial = "*", PageSize = 960, PageSizeParam = "nombre" },
                },
                PrimaryKey = ["siret"],
                Incremental = new IncrementalDefinition { CursorField = "dateDernierTraitementEtablissement" },
            },
        ],
    };
}
