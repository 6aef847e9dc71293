using System.Net;
using System.Text;
using Tidemark.Cli.Commands.Demos;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.EndToEnd.Serve;
using Tidemark.EndToEnd.Support;
using Tidemark.MongoDb;
using Tidemark.Records;
using Tidemark.Saving;
using Tidemark.Scanning;

namespace Tidemark.EndToEnd.Kpi;

/// <summary>The recipe kpi on MongoDB, as the original stored it.</summary>
[Collection(MongoDbCollection.Name)]
public sealed class MongoDbKpiTests(MongoServer mongo) : IDisposable
{
    private const int Clients = 4, Stores = 17, Days = 10;

    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [MongoFact]
    public async Task Demo_writes_into_the_database_that_is_named_and_does_so_again()
    {
        _scene.Environment["KPI_DB"] = mongo.CreateDatabase();
        for (var run = 0; run < 2; run++) DemoTests.KpisAreWhole((await _scene.ToolAsync("demo", "kpi", "--json")).Exits(0).Report);
    }

    [PublishedMongoFact]
    public async Task Driver_of_version_2_does_what_version_1_does()
    {
        var output = await DocumentDbServer.RunThereAsync(
            Path.GetDirectoryName(Tool.Published)!, "env", "-C", "/tmp", $"KPI_DB={mongo.CreateDatabase()}", "/mnt/" + Path.GetFileName(Tool.Published), "demo", "kpi");
        Outcome.Says(output, "1 692 created, 8 rejected", "18 766 of sellers posted, 18 766 in the table kpi_entries", "lost / twice = 0 / 0, each value as it was posted", "through libmongoc 2.");
    }

    [MongoFact]
    public async Task Workflow_posts_what_the_server_takes()
    {
        var url = _scene.Environment["KPI_DB"] = mongo.CreateDatabase();
        using var server = await StartAsync(url);
        await KpiTests.WorkflowPostsAsync(server);
        (await ReadAsync(url)).Total.ShouldBe(250);
    }

    [MongoFact]
    [Trait("guarantee", "G199")]
    public async Task Database_that_is_killed_under_17000_entries_loses_none_that_was_acknowledged()
    {
        var url = _scene.Environment["KPI_DB"] = mongo.CreateDatabase();
        using var server = await StartAsync(url);
        var posts = new Queue<KpiPost>(Enumerable.Range(0, Days).SelectMany(day => Enumerable.Range(1, Stores).Select(store => KpiChain.Post("n8n", store, new DateOnly(2026, 2, 1).AddDays(day), 1, KpiChain.Sellers))));
        var (count, gate) = (posts.Count, new Lock());
        using var answered = new SemaphoreSlim(0);
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                KpiPost? post;
                lock (gate)
                {
                    if (!posts.TryDequeue(out post)) return;
                }
                while (!await IsAnsweredAsync(server, post)) { }
                answered.Release();
            }
        })).ToList();
        for (var kill = 0; kill < 2; kill++)
        {
            for (var i = 0; i < count / 4; i++) await answered.WaitAsync();
            await mongo.Server.KillAsync();
            await mongo.Server.StartAsync();
        }
        await Task.WhenAll(clients);
        var table = await ReadAsync(url);
        table.Total.ShouldBe(count * KpiChain.Sellers);
        await server.SignalAsync("TERM");
        (await server.EndAsync()).ExitCode.ShouldBe(0);
    }

    [MongoFact]
    public async Task Missing_driver_and_wrong_addresses_say_what_to_do()
    {
        _scene.Environment["KPI_DB"] = mongo.CreateDatabase();
        File.Copy(Path.Combine(Repository.Root, "recipes", "kpi", "tidemark.yaml"), _scene["tidemark.yaml"]);
        Outcome.Says((await _scene.ToolAsync("check")).Exits(0).Output, "main: ok, MongoDB ");
        _scene.Environment["TIDEMARK_LIBMONGOC"] = "/nowhere/libmongoc.so";
        Outcome.Says((await _scene.ToolAsync("check")).Exits(4).Output, "MongoDB's C driver is not at '/nowhere/libmongoc.so'");
        _scene.Environment.Remove("TIDEMARK_LIBMONGOC");
        _scene.Environment["KPI_DB"] = "mongodb://me:hunter2@127.0.0.1:1/kpi?serverSelectionTimeoutMS=200";
        var away = (await _scene.ToolAsync("check")).Exits(4).Output;
        Outcome.Says(away, "the connection to 127.0.0.1:1/kpi failed");
        away.ShouldNotContain("hunter2");
        _scene.Environment["KPI_DB"] = "mongodb://127.0.0.1:1";
        Outcome.Says((await _scene.ToolAsync("check")).Exits(2).Error, "the URL names no database");
    }

    private async Task<RunningServer> StartAsync(string url)
    {
        await SeedAsync(url);
        File.Copy(Path.Combine(Repository.Root, "recipes", "kpi", "tidemark.yaml"), _scene["tidemark.yaml"]);
        return await RunningServer.StartAsync(_scene);
    }

    private static async Task SeedAsync(string url)
    {
        foreach (var (table, lines) in new[] { ("stores", KpiChain.StoreLines), ("users", KpiChain.UserLines) })
        {
            await using var writer = new JsonBatchWriter(new BatchWriterOptions { Destination = new MongoDbDestination { Url = new Secret(url) }, Table = table, Key = ["id"], Count = 5000 });
            foreach (var line in lines) await writer.AddAsync(Encoding.UTF8.GetBytes(line));
            await writer.FlushAsync();
        }
    }

    private static async Task<bool> IsAnsweredAsync(RunningServer server, KpiPost post)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/integrations/kpi/sync") { Content = new StringContent(post.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", post.Key);
        using var answer = await server.Client.SendAsync(request);
        if (answer.StatusCode != HttpStatusCode.OK) answer.StatusCode.ShouldBeOneOf(HttpStatusCode.ServiceUnavailable, HttpStatusCode.Conflict);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static async Task<TableSample> ReadAsync(string url)
    {
        await using var destination = new MongoDbDestination { Url = new Secret(url) }.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
        return await destination.ReadNewestAsync(new StreamTarget { PipelineName = "kpi-sync", Stream = "kpi", Table = "kpi_entries", Schema = new BatchSchema { PrimaryKey = ["seller_id", "date", "source"] } }, 10, default);
    }
}
