using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Serve;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Kpi;

/// <summary>The recipe kpi as its page tells it: each producer of docs/kpi.md is run against a server as a process.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class KpiTests(PostgresServer postgres) : IDisposable
{
    private static readonly string Recipe = Path.Combine(Repository.Root, "recipes", "kpi");
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Producers_of_the_page_do_what_it_says()
    {
        using var server = await StartAsync(postgreSql: false);
        using (var content = new StringContent(Block("json request"), Encoding.UTF8, "application/json"))
        using (var answer = await server.Client.PostAsync(new Uri("/api/v1/integrations/kpi/sync", UriKind.Relative), content))
            (await answer.Content.ReadAsStringAsync()).ShouldBe(Block("json answer").Trim());
        (await ProduceAsync(server, "bash", "-c", Block("bash"))).ShouldBe("""{"status":"success","entries_created":1,"entries_updated":0,"errors":[],"message":"Synchronized 1 KPI entries"}""");
        const string Hundred = """{"status":"success","entries_created":100,"entries_updated":0,"errors":[],"message":"Synchronized 100 KPI entries"}""";
        (await ProduceAsync(server, "python3", "-c", Block("python"))).ShouldBe(Hundred);
        (await ProduceAsync(server, "node", "--input-type=module", "-e", Block("javascript"))).ShouldBe(Hundred);
        (await Kpis.KpiProducer.PostAsync(server.Client, default)).ShouldBe(Hundred);
        Block("csharp").Trim().ShouldBe((await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Tidemark.EndToEnd", "Kpi", "KpiProducer.cs"))).Trim());
        // Each of them once more: its key makes that harmless.
        (await ProduceAsync(server, "python3", "-c", Block("python"))).ShouldBe(Hundred);
        Database.Scalar(_scene["kpi.db"], "select count(*) from kpi_entries").ShouldBe(302L);
        Database.Scalar(_scene["kpi.db"], "select count(*) from manager_kpis").ShouldBe(1L);
        await server.SignalAsync("TERM");
        (await server.EndAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Workflow_posts_what_the_server_takes_on_postgresql()
    {
        using var server = await StartAsync(postgreSql: true);
        await WorkflowPostsAsync(server);
        (await postgres.SqlAsync(PostgresServer.DatabaseOf(_scene.Environment["KPI_DB"]), "select count(*) from kpi_entries")).ShouldBe("250");
    }

    /// <summary>Posts what the workflow of the recipe posts, as n8n would, and then once more.</summary>
    internal static async Task WorkflowPostsAsync(RunningServer server)
    {
        var workflow = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Recipe, "n8n-workflow.json"))).RootElement;
        var code = workflow.GetProperty("nodes").EnumerateArray().Where(n => n.GetProperty("type").GetString() == "n8n-nodes-base.code").Select(n => n.GetProperty("parameters").GetProperty("jsCode").GetString()!).ToList();
        // The two code nodes as n8n runs them, one after the other, then the HTTP node's requests, all at once as n8n sends them.
        var script = $$"""
            const run = (code, input) => new Function("$input", "$execution", code)({ all: () => input }, { id: 7 });
            const posts = run({{JsonSerializer.Serialize(code[1])}}, run({{JsonSerializer.Serialize(code[0])}}, []));
            const answers = await Promise.all(posts.map(async ({ json }) => (await fetch(process.env.TIDEMARK_URL + "/api/v1/integrations/kpi/sync", {
              method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": json.key }, body: JSON.stringify(json.body),
            })).json()));
            console.log(answers.reduce((sum, a) => sum + a.entries_created, 0), answers.every(a => a.status === "success" && !("error" in a)));
            """;
        (await ProduceAsync(server, "node", "--input-type=module", "-e", script)).ShouldBe("250 true");
        (await ProduceAsync(server, "node", "--input-type=module", "-e", script)).ShouldBe("250 true");
    }

    private async Task<RunningServer> StartAsync(bool postgreSql)
    {
        File.Copy(Path.Combine(Recipe, "tidemark.yaml"), _scene["tidemark.yaml"]);
        var seed = await File.ReadAllTextAsync(Path.Combine(Recipe, "seed.sql"));
        if (postgreSql)
        {
            _scene.Environment["KPI_DB"] = await postgres.CreateDatabaseAsync();
            await postgres.SqlAsync(PostgresServer.DatabaseOf(_scene.Environment["KPI_DB"]), seed);
        }
        else
        {
            Database.Execute(_scene["kpi.db"], seed);
        }
        return await RunningServer.StartAsync(_scene);
    }

    private static string Block(string info) => Docs.BlocksOf("kpi.md", info.Split(' ')[0]).Single(b => b.Info == info).Text;

    private static async Task<string> ProduceAsync(RunningServer server, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["TIDEMARK_URL"] = server.Address.ToString().TrimEnd('/');
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return output.Trim();
    }
}
