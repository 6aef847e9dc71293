using System.Text.Json.Nodes;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>A stream in slices: a call for each département, each with a checkpoint of its own.</summary>
public sealed class SlicesTests
{
    private const int Kills = 50;

    [Fact]
    [Trait("guarantee", "G59")]
    public async Task Slices_that_are_done_are_not_read_again_after_a_kill()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var names = await DepartementsAsync(simulator);
        var random = new Random(20260222);
        var (killed, inTheMiddle) = (0, 0);
        for (var i = 0; i < Kills; i++)
        {
            using var directory = new TempDirectory();
            directory.File("tidemark.yaml", Configuration(names, "parallel: 3"));
            using (var tool = Tool.Start(directory.Path, Environment(simulator), "run", "--json"))
            {
                var calls = simulator.Calls.Total + random.Next(names.Count);
                while (!tool.HasExited && simulator.Calls.Total < calls) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                if (!tool.HasExited) killed++;
                await tool.KillAsync();
            }
            var done = Done(directory["out.db"]);
            if (done.Count > 0 && done.Count < names.Count) inTheMiddle++;
            var before = simulator.Calls.ByPath;
            var result = await Tool.RunAsync(directory.Path, Environment(simulator), "run", "--json");
            result.ExitCode.ShouldBe(0, result.Error + result.Output);
            // Where all of them were done, a new import may have begun.
            if (done.Count < names.Count)
            {
                var after = simulator.Calls.ByPath;
                foreach (var name in names) (after.GetValueOrDefault(PathOf(name)) - before.GetValueOrDefault(PathOf(name))).ShouldBe(done.Contains(name) ? 0 : 1, $"slice {name} after kill {i}");
            }
            Truth.Differences(await Truth.RecordsAsync(simulator, "communes"), directory["out.db"], "communes", "code").ShouldBeEmpty($"after kill {i}");
        }
        killed.ShouldBeGreaterThan(Kills / 2, "most kills must hit a running process, or they prove nothing");
        inTheMiddle.ShouldBeGreaterThan(Kills / 4);
    }

    [Fact]
    public async Task Slice_that_always_fails_stops_no_other_and_is_tried_again_by_the_next_run()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var names = (await DepartementsAsync(simulator)).Take(8).ToList();
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", Configuration([.. names[..3], "nowhere", .. names[3..]], "attempts: 2, parallel: 2"));
        var result = await Tool.RunAsync(directory.Path, Environment(simulator), "run", "--json");
        result.ExitCode.ShouldBe(1, result.Error);
        var report = JsonNode.Parse(result.Output)!;
        ((string)report["status"]!).ShouldBe("partial");
        report["streams"]![0]!["slices"]!.ToJsonString().ShouldBe("""{"total":9,"pending":0,"done":8,"failed":1}""");
        ((string)report["streams"]![0]!["error"]!).ShouldBe("1 of 9 slices failed; the next run tries them again");
        ((string)report["warnings"]![0]!).ShouldContain("communes: slice nowhere failed, attempt 2: GET");
        simulator.Calls.ByPath[PathOf("nowhere")].ShouldBe(2);
        names.ShouldAllBe(n => simulator.Calls.ByPath[PathOf(n)] == 1);

        directory.File("tidemark.yaml", Configuration(names, "attempts: 2"));
        var again = await Tool.RunAsync(directory.Path, Environment(simulator), "run");
        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.ShouldContain("8 of 8 slices done");
        names.ShouldAllBe(n => simulator.Calls.ByPath[PathOf(n)] == 1);

        // The import is complete: the next run begins another one.
        (await Tool.RunAsync(directory.Path, Environment(simulator), "run")).ExitCode.ShouldBe(0);
        names.ShouldAllBe(n => simulator.Calls.ByPath[PathOf(n)] == 2);
    }

    [Fact]
    public async Task Slice_that_fails_is_told_once_the_import_is_no_longer_parked()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var names = (await DepartementsAsync(simulator)).Take(4).ToList();
        using var directory = new TempDirectory();
        // The other slices have more records than the day has left: parked comes before failed.
        string Text(int records) => Configuration(["nowhere", .. names], "attempts: 1").Replace("{ type: rest,", "{ type: rest, quota: q,", StringComparison.Ordinal)
            + $"\nquotas: {{ q: {{ budgets: [{{ records: {records}, per: 1d }}] }} }}\n";
        directory.File("tidemark.yaml", Text(100));
        (await Tool.RunAsync(directory.Path, Environment(simulator), "run")).ExitCode.ShouldBe(5);
        directory.File("tidemark.yaml", Text(1_000_000));
        var rest = await Tool.RunAsync(directory.Path, Environment(simulator), "run");
        rest.ExitCode.ShouldBe(1, rest.Error);
        rest.Output.ShouldContain("4 of 5 slices done, 1 failed");
    }

    [Fact]
    public async Task Cursor_that_expires_makes_only_its_slice_begin_anew()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", """
            name: expiring
            sources: { api: { type: rest, url: "${API}", authenticator: { type: api_key, header: X-INSEE-Api-Key-Integration, value: any } } }
            destinations: { db: { type: sqlite, path: out.db } }
            streams:
              companies:
                request: { path: /api-sirene/3.11/siret, params: { q: "codeCommuneEtablissement:{{ slice }}*" } }
                records: etablissements
                paginator: { type: cursor, cursor_path: header.curseurSuivant, cursor_param: curseur, initial: "*", page_size: 100, page_size_param: nombre }
                primary_key: siret
                slices: { by: list, values: ["2A", "2B", "05", "75"], parallel: 1 }
            """);
        // 124 communes, 236, 162 and 1. The third call of 2B, behind two pages that were read, is refused, and so is every cursor that this walk has given.
        await Scene.FaultAsync(sirene, "kind=expire_cursor&after=5");
        var result = await Tool.RunAsync(directory.Path, Environment(sirene), "run", "--json");
        result.ExitCode.ShouldBe(0, result.Error + result.Output);
        // Of 2B: three calls at first, one where it wanted to go on, then four from the start.
        long Calls(string code) => sirene.Calls.ByField[$"codeCommuneEtablissement:{code}*"];
        (Calls("2A"), Calls("2B"), Calls("05"), Calls("75")).ShouldBe((3, 8, 3, 2));
        var report = JsonNode.Parse(result.Output)!;
        report["streams"]![0]!["slices"]!.ToJsonString().ShouldBe("""{"total":4,"pending":0,"done":4,"failed":0}""");
        report["warnings"]!.AsArray().Select(w => (string)w!).ShouldContain(w => w.StartsWith("companies: slice 2B: the scan can't go on where", StringComparison.Ordinal));
        var codes = new[] { "2A", "2B", "05", "75" };
        var truth = (await Truth.RecordsAsync(sirene, "siret")).Where(r => codes.Contains(r.GetProperty("adresseEtablissement").GetProperty("codeCommuneEtablissement").GetString()![..2], StringComparer.Ordinal));
        Truth.Differences([.. truth], directory["out.db"], "companies", "siret").ShouldBeEmpty();
    }

    [Fact]
    public async Task Limit_is_the_stream_s_and_the_next_run_goes_on()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        var names = (await DepartementsAsync(simulator)).Take(4).ToList();
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", Configuration(names, "parallel: 4"));
        (await Tool.RunAsync(directory.Path, Environment(simulator), "run", "--limit", "700")).ExitCode.ShouldBe(0);
        Database.Scalar(directory["out.db"], "SELECT count(*) FROM communes").ShouldBe(700L);
        (await Tool.RunAsync(directory.Path, Environment(simulator), "run")).ExitCode.ShouldBe(0);
        var expected = (await Truth.RecordsAsync(simulator, "communes")).Count(r => names.Contains(r.GetProperty("departement").GetString()!));
        Database.Scalar(directory["out.db"], "SELECT count(*) FROM communes").ShouldBe((long)expected);
    }

    private static List<string> Done(string database)
    {
        // Killed before it made any table, there is not even a file.
        if (!File.Exists(database) || Database.Scalar(database, "SELECT count(*) FROM sqlite_schema WHERE name = '_tidemark_checkpoints'") is 0L) return [];
        return [.. Database.Query(database, "SELECT slice FROM _tidemark_checkpoints WHERE slice <> '' AND complete AND resume IS NULL").Select(r => (string)r["slice"]!)];
    }

    private static string PathOf(string departement) => $"/departements/{departement}/communes";

    private static Dictionary<string, string> Environment(RunningSimulator simulator) => new(StringComparer.Ordinal) { ["API"] = simulator.Address.ToString().TrimEnd('/') };

    private static async Task<IReadOnlyList<string>> DepartementsAsync(RunningSimulator simulator)
    {
        using var client = new HttpClient { BaseAddress = simulator.Address };
        var all = JsonNode.Parse(await client.GetStringAsync(new Uri("departements", UriKind.Relative)))!.AsArray();
        return [.. all.Select(d => (string)d!["code"]!)];
    }

    private static string Configuration(IEnumerable<string> slices, string options) =>
        $$$"""
        name: sliced
        sources: { api: { type: rest, url: "${API}" } }
        destinations: { db: { type: sqlite, path: out.db } }
        streams:
          communes:
            request: { path: "/departements/{{ slice }}/communes" }
            primary_key: code
            slices: { by: list, values: [{{{string.Join(", ", slices.Select(s => $"\"{s}\""))}}}], {{{options}}} }
        """;
}
