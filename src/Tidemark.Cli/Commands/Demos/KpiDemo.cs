using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Runs;
using Tidemark.Saving;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>KPIs posted to <c>tidemark serve</c>: with sellers whom nobody knows, twice, a hundred at once, and while the server is killed with -9.</summary>
internal sealed class KpiDemo : IDemo
{
    private const int StoresThatPost = 17, SinglePosts = 100, Days = 10, Clients = 4, KilledAfter = 60;
    private static readonly DateOnly First = new(2026, 1, 10), Single = new(2026, 1, 11), Many = new(2026, 2, 1);

    public string Recipe => "kpi";

    public async Task<int> RunAsync(DemoScene scene, CancellationToken stopping)
    {
        var project = await scene.ConfigureAsync("The KPIs are in kpi.db, or where KPI_DB says.", new(StringComparer.Ordinal), stopping);
        // In a database that has seen a demo before, this one's entries are others.
        var source = TimeProvider.System.GetUtcNow().ToString("'demo-'yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var place = await SeedAsync(project, stopping);
        scene.Say($"A chain of {KpiChain.Stores} stores, with {KpiChain.Sellers} sellers and {KpiChain.Managers} managers each, is in the tables stores and users.");

        var outcome = new KpiOutcome { Place = place, Source = source };
        IReadOnlyList<KpiPost> unanswered;
        using (var server = await DemoServer.StartAsync(scene, stopping))
        {
            scene.Say($"tidemark serve listens on {server.Address.GetLeftPart(UriPartial.Authority)} as a process of its own.");
            scene.Say("");
            outcome = await PostHundredsAsync(scene, new KpiClient(server), outcome, stopping);
            outcome = await PostSinglesAsync(scene, new KpiClient(server), project, outcome, stopping);
            scene.Say($"{Terminal.Number(ManyPosts(source).Count * KpiChain.Sellers)} entries in posts of {KpiChain.Sellers} by {Clients} clients, each post with an Idempotency-Key; in the middle the server is killed with -9:");
            unanswered = await new KpiClient(server).PostAllAsync(ManyPosts(source), Clients, KilledAfter, stopping);
        }
        outcome = outcome with { Unanswered = unanswered.Count };
        scene.Say($"  {ManyPosts(source).Count - unanswered.Count} posts were answered, {unanswered.Count} not: these again, to a new server");
        using (var server = await DemoServer.StartAsync(scene, stopping))
        {
            await new KpiClient(server).PostAllAsync(unanswered, Clients, killAfter: null, stopping);
            outcome = outcome with { ServerExit = await server.StopAsync(stopping) };
        }
        outcome = outcome with { Comparison = await CompareAsync(project, source, stopping) };
        if (scene.Terminal.Json) outcome.WriteJson();
        else outcome.Tell(scene);
        return outcome.IsGood ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static async Task<string> SeedAsync(Project project, CancellationToken stopping)
    {
        var destination = DemoScene.DestinationOf(project);
        string place;
        await using (var open = DemoScene.Open(project)) place = await open.CheckAsync(stopping);
        foreach (var (table, lines) in new[] { ("stores", KpiChain.StoreLines), ("users", KpiChain.UserLines) })
        {
            await using var writer = new JsonBatchWriter(new BatchWriterOptions { Destination = destination, Table = table, Key = ["id"], Count = 5000 });
            foreach (var line in lines) await writer.AddAsync(Encoding.UTF8.GetBytes(line), stopping);
            await writer.FlushAsync(stopping);
            if (writer.Statistics.Rejected > 0) throw new UserErrorException($"the table {table} in {place} is another one than the demo needs: KPI_DB has to name a database that has none, or an earlier demo's");
        }
        return place;
    }

    // As system after system posts them: a hundred at a time, and some of people who have left.
    private static async Task<KpiOutcome> PostHundredsAsync(DemoScene scene, KpiClient client, KpiOutcome outcome, CancellationToken stopping)
    {
        var posts = Hundreds(outcome.Source);
        scene.Say($"{Terminal.Number(posts.Count * 100)} entries in posts of 100. The first answer:");
        var (created, rejected, first) = (0L, 0L, "");
        foreach (var post in posts)
        {
            var began = TimeProvider.System.GetTimestamp();
            var answer = await client.PostAsync(post, withKey: true, stopping);
            outcome.Milliseconds.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            if (first.Length == 0) first = answer;
            using var json = JsonDocument.Parse(answer);
            created += json.RootElement.GetProperty("entries_created").GetInt64();
            rejected += json.RootElement.GetProperty("errors").GetArrayLength();
        }
        scene.Say($"  {first}");
        scene.Say($"  {Terminal.Number(created)} created, {rejected} rejected; {KpiOutcome.Time(outcome.Median)} a post (median)");

        var repeated = await client.PostAsync(posts[0], withKey: true, stopping);
        scene.Say($"The first post again, with its Idempotency-Key: {(string.Equals(repeated, first, StringComparison.Ordinal) ? "the same answer, and nothing is written" : repeated)}");
        scene.Say("And without it, the same entries are updated:");
        var updated = await client.PostAsync(posts[0], withKey: false, stopping);
        scene.Say($"  {updated}");
        using var last = JsonDocument.Parse(updated);
        return outcome with
        {
            Received = posts.Count * 100,
            Created = created,
            Rejected = rejected,
            Repeated = string.Equals(repeated, first, StringComparison.Ordinal),
            Updated = last.RootElement.GetProperty("entries_updated").GetInt64(),
        };
    }

    private static async Task<KpiOutcome> PostSinglesAsync(DemoScene scene, KpiClient client, Project project, KpiOutcome outcome, CancellationToken stopping)
    {
        var posts = Singles(outcome.Source);
        var log = await WriteAheadLog.ReadAsync(DemoScene.DestinationOf(project), stopping);
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(posts.Select(post => client.PostAsync(post, withKey: false, stopping)));
        outcome = outcome with
        {
            SinglesTook = TimeProvider.System.GetElapsedTime(began),
            SingleTransactions = (await WriteAheadLog.ReadAsync(DemoScene.DestinationOf(project), stopping))?.Since(log),
        };
        scene.Say($"{SinglePosts} posts of one entry, all at once: answered within {KpiOutcome.Time(outcome.SinglesTook.TotalMilliseconds)}{(outcome.SingleTransactions is { } count ? $", in {count} transactions, as the log of the database has them" : "")}");
        return outcome;
    }

    private static async Task<SourceComparison> CompareAsync(Project project, string source, CancellationToken cancellationToken)
    {
        var expected = Hundreds(source).Concat(Singles(source)).Concat(ManyPosts(source)).SelectMany(p => p.Entries).Select(e => JsonSerializer.Deserialize<JsonElement>(e)).ToList();
        await using var destination = DemoScene.Open(project);
        var target = project.Pipeline.Endpoints[0].Target(project.Pipeline.Name).Routes[0].Target;
        var table = await destination.ReadNewestAsync(target, int.MaxValue, cancellationToken);
        var column = table.Columns.ToList().IndexOf("source");
        return SourceComparison.Of(expected, table with { Rows = [.. table.Rows.Where(row => string.Equals(row[column] as string, source, StringComparison.Ordinal))] }, [], target.Schema.PrimaryKey);
    }

    private static List<KpiPost> Hundreds(string source) => [.. Enumerable.Range(1, StoresThatPost).Select(store => KpiChain.Post(source, store, First, 1, 98,
        store % 5 == 1 ? [KpiChain.Stranger(1), KpiChain.Stranger(2)] : [KpiChain.Manager(store, 1), KpiChain.Manager(store, 2)]))];

    private static List<KpiPost> Singles(string source) => [.. Enumerable.Range(1, SinglePosts).Select(seller => KpiChain.Post(source, 1, Single, seller, 1))];

    private static List<KpiPost> ManyPosts(string source) =>
        [.. Enumerable.Range(0, Days).SelectMany(day => Enumerable.Range(1, StoresThatPost).Select(store => KpiChain.Post(source, store, Many.AddDays(day), 1, KpiChain.Sellers)))];
}
