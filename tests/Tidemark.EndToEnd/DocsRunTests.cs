using System.Text.Json;
using System.Text.RegularExpressions;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>The documentation's walks, walked; and its JSON, compared with what the program prints.</summary>
public sealed partial class DocsRunTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Readmes_own_api_reads_the_simulated_communes()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _environment["API_URL"] = simulator.Address.ToString().TrimEnd('/');
        _environment["API_TOKEN"] = "anything";
        _directory.File("tidemark.yaml", Docs.Blocks("yaml").First().Text);

        var output = await RunAsync(0, "check") + await RunAsync(0, "run");
        await RunAsync(0, "show", "communes", "--limit", "3");

        // The time is another one each time.
        var block = Docs.Blocks("text").Select(b => b.Text).Single(t => t.Contains("communes: ok", StringComparison.Ordinal));
        Untimed(output).ShouldBe(Untimed(block));
    }

    [Fact]
    public async Task Readmes_demo_prints_the_reports_shown()
    {
        var output = await RunAsync(0, "demo");

        var lines = output.Split('\n').Select(l => l.TrimEnd()).ToList();
        foreach (var shown in Docs.Blocks("text").Select(b => b.Text).Where(t => t.Contains("clients ", StringComparison.Ordinal)).SelectMany(t => t.Split('\n')).Where(l => l.Length > 0 && !l.Contains("calls,", StringComparison.Ordinal)))
            lines.ShouldContain(l => l.StartsWith(shown, StringComparison.Ordinal), shown);
        output.ShouldContain("               31 calls, ");
        output.ShouldContain("               4 calls, ");

        // The README's second command, in the same shell: it knows no variable that the demo did not leave.
        (await RunAsync(0, "show", "clients", "-c", "tidemark-demo/tidemark.yaml", "--limit", "3")).ShouldContain("3 of 1 344 rows of clients");
    }

    [Fact]
    public async Task Json_is_as_documented()
    {
        await RunAsync(0, "init");
        SameShape("validate", await RunAsync(0, "validate", "--json"));
        SameShape("check", await RunAsync(0, "check", "--json"));
        SameShape("run", await RunAsync(0, "run", "--json"));
        SameShape("plan", await RunAsync(0, "plan", "--full", "--json"));
        SameShape("status", await RunAsync(0, "status", "--json"));
        var monitored = (await RunAsync(0, "monitor", "--duration", "100ms", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        SameShape("monitor look", monitored[0]);
        SameShape("monitor summary", monitored[^1]);
        SameShape("show", await RunAsync(0, "show", "people", "--json"));
        Database.Execute(_directory["my-mirror.db"], "create index people_name_idx on people(name)");
        await File.AppendAllTextAsync(_directory["tidemark.yaml"], "    indexes: [city]\n");
        SameShape("verify", await RunAsync(1, "verify", "--json"));
        SameShape("reset", await RunAsync(0, "reset", "people", "--to", "2026-01-01", "--yes", "--json"));
        await File.AppendAllTextAsync(_directory["people.jsonl"], "{\"name\":\"no key\"}\n");
        await RunAsync(1, "run");
        SameShape("failed list", await RunAsync(0, "failed", "list", "--json"));
        SameShape("failed retry", await RunAsync(1, "failed", "retry", "--all", "--json"));
        SameShape("failed purge", await RunAsync(0, "failed", "purge", "--json"));
        SameShape("key add", await RunAsync(0, "key", "add", "operator", "--admin", "--json"));
        SameShape("key list", await RunAsync(0, "key", "list", "--json"));
        SameShape("key revoke", await RunAsync(0, "key", "revoke", "operator", "--json"));
    }

    [Fact]
    public async Task Json_of_quotas_is_as_documented_and_a_spent_budget_parks()
    {
        await RunAsync(0, "init");
        var text = await File.ReadAllTextAsync(_directory["tidemark.yaml"]);
        await File.WriteAllTextAsync(_directory["tidemark.yaml"], text.Replace("type: file,", "type: file, quota: q,", StringComparison.Ordinal) + "\nquotas: { q: { budgets: [{ records: 2, per: 1d, time_zone: Europe/Paris }] } }\n");
        (await RunAsync(5, "run")).ShouldContain("the budget of 2 records per 1d (Europe/Paris) is spent");
        SameShape("quota", await RunAsync(0, "quota", "--json"));
        (await RunAsync(0, "quota")).ShouldContain("2 spent, 0 left   free again at ");
        Database.Query(_directory["my-mirror.db"], "select * from people").Count.ShouldBe(2);
        await File.WriteAllTextAsync(_directory["tidemark.yaml"], text);
        await RunAsync(0, "run");
        Database.Query(_directory["my-mirror.db"], "select * from people").Count.ShouldBe(3);
    }

    [Fact]
    public async Task Counts_of_a_simulator_are_as_documented()
    {
        await using var simulator = await RunningSimulator.StartAsync("sirene", new SimulatorOptions(), CancellationToken.None);
        using var client = new HttpClient { BaseAddress = simulator.Address };
        using var answer = await client.GetAsync("/api-sirene/3.11/siret");
        SameShape("calls", await client.GetStringAsync("/_sim/calls"));
    }

    [Fact]
    public async Task Table_that_was_dropped_comes_back_after_a_reset()
    {
        await RunAsync(0, "init");
        await RunAsync(0, "run");
        Database.Execute(_directory["my-mirror.db"], "drop table people");
        await RunAsync(0, "reset", "people", "--yes");
        await RunAsync(0, "run");
        Database.Query(_directory["my-mirror.db"], "select * from people").Count.ShouldBe(3);
    }

    private async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await Tool.RunAsync(_directory.Path, _environment, arguments);
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        return result.Output;
    }

    // How long it took, and into how many commits a busy database has gathered it, differs from run to run.
    private static string Untimed(string text) => string.Join('\n', text.Trim().Split('\n').Select(l => Commits().IsMatch(l) ? l[..Commits().Match(l).Index] : l.TrimEnd()));

    [GeneratedRegex(@", \d+ commits?, [\d.]+ m?s$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commits();

    private static void SameShape(string name, string output) =>
        Shape(JsonDocument.Parse(output).RootElement).ShouldBe(Shape(JsonDocument.Parse(Docs.Blocks("json").Single(b => b.Info == "json " + name).Text).RootElement), name);

    /// <summary>The names and kinds of a document; of a list those of its first item.</summary>
    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(p => $"{p.Name}:{Shape(p.Value)}"))}}}",
        JsonValueKind.Array => $"[{(element.GetArrayLength() == 0 ? "" : Shape(element[0]))}]",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        // What is null in one may be a value in the other.
        _ => "value",
    };
}
