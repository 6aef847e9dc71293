using System.Globalization;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A scraper that hands shops to <c>tidemark save</c>, one by one: how many transactions that makes, and what is there after a kill -9 in the middle.</summary>
internal sealed class ShopsDemo : IDemo
{
    private const int More = 1000;

    // A scraper waits for nothing; this one does for the sake of the kill, so that it comes in the middle.
    private const int KilledAfter = 400, MostUnacknowledged = 50;

    public string Recipe => "shops";

    public async Task<int> RunAsync(DemoScene scene, CancellationToken stopping)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var project = await scene.ConfigureAsync("The demo's shops are in shops.db, or where SHOPS_DB says.", variables, stopping);
        var (place, _) = await DemoScene.LookAsync(project, stopping);
        string[] save = ["save", "--to", scene.Database("SHOPS_DB", "shops.db"), "--table", "shops", "--key", "url", "--batch-count", "10"];

        scene.Say("A scraper finds three shops. Each is a line of JSON, and each line that comes back is a shop that is on disk:");
        scene.Say("  scraper | tidemark save --to … --table shops --key url --batch-count 10 --ack");
        var acks = await PipeAsync(scene, [.. save, "--ack"], FoundShops.Named, stopping);
        foreach (var ack in acks.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) scene.Say($"  {ack}");
        if (acks.ExitCode != ExitCode.Done) return acks.ExitCode;

        scene.Say($"It finds {Terminal.Number(More)} more, one by one:");
        var counted = await CountedAsync(scene, project, save, stopping);
        if (counted.ExitCode != ExitCode.Done) return counted.ExitCode;

        scene.Say($"And {Terminal.Number(More)} more, but after a while it is killed with -9:");
        var found = FoundShops.More(More, More);
        var known = await KilledAsync(scene, [.. save, "--ack"], found, stopping);
        var (_, afterKill) = await CompareAsync(project, found, stopping);
        scene.Say($"  {known.Count} shops were acknowledged, {afterKill} of the {Terminal.Number(More)} are in the table");
        scene.Say("It begins again, and leaves out what was acknowledged:");
        var rest = await PipeAsync(scene, [.. save, "--json"], [.. found.Where((_, i) => !known.Contains(i))], stopping);
        if (rest.ExitCode != ExitCode.Done) return rest.ExitCode;
        scene.Say($"  {Told(rest.Output)}");

        var (comparison, _) = await CompareAsync(project, [.. FoundShops.Named, .. FoundShops.More(0, 2 * More)], stopping);
        var outcome = new ShopsOutcome(counted.Transactions, counted.Batches, known.Count, afterKill, comparison);
        if (scene.Terminal.Json) outcome.WriteJson();
        else outcome.Tell(scene, place);
        return outcome.IsGood ? ExitCode.Done : ExitCode.SomeFailed;
    }

    // Somebody has to have the database open, or its log goes with the writer.
    private static async Task<(int ExitCode, int? Transactions, long Batches)> CountedAsync(DemoScene scene, Project project, string[] save, CancellationToken stopping)
    {
        var definition = DemoScene.DestinationOf(project);
        var stream = project.Pipeline.Streams[0];
        await using var destination = DemoScene.Open(project);
        await using var open = await destination.OpenSharedAsync([stream.Target(project.Pipeline.Name)], new SharedOptions(), stopping);
        var before = await WriteAheadLog.ReadAsync(definition, stopping);
        var (exitCode, report) = await PipeAsync(scene, [.. save, "--json"], FoundShops.More(0, More), stopping);
        if (exitCode != ExitCode.Done) return (exitCode, null, 0);
        scene.Say($"  {Told(report)}");
        var transactions = (await WriteAheadLog.ReadAsync(definition, stopping))?.Since(before);
        if (transactions is { } count) scene.Say($"  {count} transactions, as the log of the database has them, where a row each would have made {Terminal.Number(More)}");
        using var json = JsonDocument.Parse(report);
        return (ExitCode.Done, transactions, json.RootElement.GetProperty("batches").GetInt64());
    }

    private static async Task<(int ExitCode, string Output)> PipeAsync(DemoScene scene, string[] arguments, IReadOnlyList<string> lines, CancellationToken stopping)
    {
        using var child = scene.StartPiped(arguments);
        // It may write more than a pipe holds before it has read all.
        var ended = child.EndAsync(stopping);
        try
        {
            foreach (var line in lines) await child.Input.WriteLineAsync(line.AsMemory(), stopping);
            child.Input.Close();
        }
        catch (IOException)
        {
            // It ended before it had read them: its exit code, and what it said, tell why.
        }
        return await ended;
    }

    /// <returns>The numbers of the lines that were acknowledged, from 0.</returns>
    private static async Task<HashSet<int>> KilledAsync(DemoScene scene, string[] arguments, IReadOnlyList<string> lines, CancellationToken stopping)
    {
        using var child = scene.StartPiped(arguments);
        var known = new HashSet<int>();
        for (var sent = 0; sent < lines.Count && known.Count < KilledAfter; sent++)
        {
            await child.Input.WriteLineAsync(lines[sent].AsMemory(), stopping);
            while (sent + 1 - known.Count >= MostUnacknowledged && await child.Output.ReadLineAsync(stopping) is { } line) Take(line);
        }
        await child.KillAsync();
        // What it had said by then counts.
        while (await child.Output.ReadLineAsync(stopping) is { } line && line.EndsWith('}')) Take(line);
        return known;

        void Take(string line)
        {
            using var json = JsonDocument.Parse(line);
            known.Add(json.RootElement.GetProperty("line").GetInt32() - 1);
        }
    }

    /// <returns>How shops compare with the table, whatever else is in it; and how many of them are there.</returns>
    private static async Task<(SourceComparison Comparison, long InTable)> CompareAsync(Project project, IReadOnlyList<string> found, CancellationToken cancellationToken)
    {
        await using var destination = DemoScene.Open(project);
        var table = await destination.ReadNewestAsync(project.Pipeline.Streams[0].Target(project.Pipeline.Name), int.MaxValue, cancellationToken);
        var source = found.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var urls = source.Select(shop => shop.GetProperty("url").GetString()).ToHashSet(StringComparer.Ordinal);
        var column = table.Columns.ToList().IndexOf("url");
        var comparison = SourceComparison.Of(source, table with { Rows = [.. table.Rows.Where(row => urls.Contains(row[column] as string))] }, [], "url");
        return (comparison, comparison.InTable);
    }

    private static string Told(string report)
    {
        using var json = JsonDocument.Parse(report);
        string[] counts = ["read", "inserted", "updated", "unchanged", "batches"];
        return string.Join(", ", counts.Select(name => (Name: name, Count: json.RootElement.GetProperty(name).GetInt64())).Where(c => c.Count > 0)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{Terminal.Number(c.Count)} {(c is { Name: "batches", Count: 1 } ? "batch" : c.Name)}")));
    }
}
