using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;
using Tidemark.Simulators.Traffic;

namespace Tidemark.EndToEnd;

/// <summary>kill -9 at random moments of the recipe's import, with enrichment: again and again, until it is whole.</summary>
public sealed class CompaniesKillTests
{
    private const int Kills = 50;

    [Fact]
    [Trait("guarantee", "G59")]
    [Trait("guarantee", "G81")]
    public async Task Import_killed_again_and_again_asks_for_nothing_that_is_done_and_loses_nothing()
    {
        await using var register = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        await using var reviewer = await RunningSimulator.StartAsync("enrichment", new SimulatorOptions { Delay = default(DelayRange), Rubbish = 0.02 }, CancellationToken.None);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["COMPANIES_URL"] = Scene.Url(register), ["COMPANIES_INTERVAL"] = "1ms", ["COMPANIES_PER_DAY"] = "1000000",
            ["COMPANIES_REVIEWS"] = "true", ["REVIEWS_URL"] = Scene.Url(reviewer), ["REVIEWS_INTERVAL"] = "1ms",
        };
        var truth = (await Truth.RecordsAsync(register, "siret")).Where(r => r.GetProperty("siret").ValueKind == JsonValueKind.String).ToList();
        var random = new Random(20261128);
        for (var killed = 0; killed < Kills;)
        {
            using var directory = new TempDirectory();
            File.Copy(Path.Combine(Repository.Root, "recipes", "companies", "tidemark.yaml"), directory["tidemark.yaml"]);
            for (var whole = false; !whole;)
            {
                var done = Done(directory["companies.db"]);
                var before = register.Calls.ByField;
                using (var tool = Tool.Start(directory.Path, environment, "run", "--json"))
                {
                    // With as many kills as are wanted, it may go on to its end.
                    var calls = killed < Kills ? register.Calls.Total + random.Next(20) : long.MaxValue;
                    while (!tool.HasExited && register.Calls.Total < calls) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                    if (killed < Kills) await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 30), TimeProvider.System);
                    whole = tool.HasExited;
                    if (!whole) killed++;
                    await tool.KillAsync();
                }
                var after = register.Calls.ByField;
                done.Where(d => after[Asked(d)] != before[Asked(d)]).ShouldBeEmpty($"départements that were done, asked for again after kill {killed}");
            }
            // Nothing lost, nothing twice: each is a row with the register's values, or a failed record.
            var failed = Database.Query(directory[".tidemark/store.db"], "select payload from failed_records").Select(r => Key((byte[])r["payload"]!)).ToList();
            failed.Count(k => k is null).ShouldBe(94);
            failed.OfType<string>().ShouldBeUnique(StringComparer.Ordinal);
            failed.Count.ShouldBeGreaterThan(94, "reviews of no use, or this proves nothing of them");
            Truth.Differences([.. truth.Where(r => !failed.Contains(r.GetProperty("siret").GetString(), StringComparer.Ordinal))], directory["companies.db"], "companies", "siret").ShouldBeEmpty();
            Database.Scalar(directory["companies.db"], "select count(*) from companies where length(review) < 100 or review is null").ShouldBe(0L);
        }
    }

    private static string? Key(byte[] payload)
    {
        using var json = JsonDocument.Parse(payload);
        return json.RootElement.GetProperty("siret").GetString();
    }

    private static string Asked(string departement) => $"codeCommuneEtablissement:{departement}*";

    private static List<string> Done(string database)
    {
        // Killed before it made any table, there is not even a file.
        if (!File.Exists(database) || Database.Scalar(database, "select count(*) from sqlite_schema where name = '_tidemark_checkpoints'") is 0L) return [];
        return [.. Database.Query(database, "select slice from _tidemark_checkpoints where slice <> '' and complete and resume is null").Select(r => (string)r["slice"]!)];
    }
}
