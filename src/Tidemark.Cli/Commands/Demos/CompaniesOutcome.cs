using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What has become of the import: as the simulators counted it, and as the table compares with the register.</summary>
internal sealed record CompaniesOutcome(SimulatorCalls Register, SimulatorCalls Reviewer, SourceComparison Comparison, IReadOnlyList<FailedRecord> Failed)
{
    private const int MostFailed = 1_000_000, MostReasons = 6;

    /// <summary>True if nothing was refused, lost, there twice or different.</summary>
    public bool IsGood => Register.Refused + Reviewer.Refused == 0 && Comparison is { IsWhole: true, InTable: > 0 };

    /// <summary>Compares and counts.</summary>
    /// <param name="project">The configuration.</param>
    /// <param name="register">The source.</param>
    /// <param name="reviewer">The service of enrich.</param>
    /// <param name="since">When the demo began.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<CompaniesOutcome> ReadAsync(Project project, RunningSimulator register, RunningSimulator reviewer, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (pipeline, stream) = (project.Pipeline.Name, project.Pipeline.Streams[0]);
        await using var store = await project.OpenStoreAsync(cancellationToken);
        // Those of an earlier demo in this database are another register's.
        var failed = (await store.ListAsync(pipeline, stream.Name, FailedRecordStatus.Open, MostFailed, before: null, cancellationToken)).Where(f => f.FailedAt >= since).ToList();
        await using var destination = DemoScene.Open(project);
        var table = await destination.ReadNewestAsync(stream.Target(pipeline), int.MaxValue, cancellationToken);
        var comparison = SourceComparison.Of(await TruthAsync(register, cancellationToken), table, failed, stream.PrimaryKey);
        return new CompaniesOutcome(register.Calls, reviewer.Calls, comparison, failed);
    }

    /// <summary>Says it to people.</summary>
    public void Tell(DemoScene scene, KilledImport killed, string window, string place)
    {
        var (calls, all) = (Register, Comparison);
        scene.Say("");
        scene.Say($"calls       {calls.Total} made, {calls.Allowed} allowed, {calls.Refused} refused, at most {calls.MaxInWindow.Values.Single()} in any {window}: as the register counted them");
        // A page of each, and the empty one behind it.
        scene.Say($"            without the kill it would have been {2 * killed.Slices}: départements that it cut off began anew, those that were done did not");
        scene.Say($"reviews     {Terminal.Number(Reviewer.Total)} calls for groups of up to 100 companies, {Reviewer.Refused} refused");
        scene.Say($"companies   {Terminal.Number(all.AtSource)} in the register = {Terminal.Number(all.InTable)} in the table + {Terminal.Number(all.Failed)} kept as failed records");
        scene.Say(all.Verdict("as in the register", "than in the register"));
        foreach (var (reason, count) in Reasons().Take(MostReasons)) scene.Say($"failed      {Terminal.Number(count)} by {reason}");
        scene.Say("");
        scene.Say($"The table is in {place}, the configuration is {scene.File}. Next:");
        scene.Say($"  tidemark show companies -c {scene.File} --limit 3");
        scene.Say($"  tidemark failed list -c {scene.File} --limit 5");
        scene.Say($"  tidemark quota -c {scene.File}");
    }

    /// <summary>Writes it as one JSON document.</summary>
    /// <param name="killed">The killed import.</param>
    /// <param name="report">The report of the run after it, as JSON.</param>
    public void WriteJson(KilledImport killed, string report) => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("killed");
        json.WriteNumber("calls", killed.Calls);
        json.WriteNumber("slices_done", killed.Done);
        json.WriteNumber("slices", killed.Slices);
        json.WriteNumber("records", killed.Records);
        json.WriteEndObject();
        json.WritePropertyName("report");
        if (report.Length == 0) json.WriteNullValue();
        else json.WriteRawValue(report);
        Write(json, "calls", Register);
        Write(json, "reviews", Reviewer);
        Comparison.Write(json, "companies");
        json.WriteStartObject("failed");
        foreach (var (reason, count) in Reasons()) json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, string name, SimulatorCalls calls)
    {
        json.WriteStartObject(name);
        json.WriteNumber("made", calls.Total);
        json.WriteNumber("allowed", calls.Allowed);
        json.WriteNumber("refused", calls.Refused);
        json.WriteNumber("max_in_window", calls.MaxInWindow.Values.Single());
        json.WriteEndObject();
    }

    // A rejection's reason begins with field and rule; what was found stands behind.
    private IEnumerable<(string Reason, int Count)> Reasons() => Failed
        .GroupBy(f => string.Join(": ", f.Reason.Split(": ").Take(2)), StringComparer.Ordinal)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (g.Key, g.Count()));

    private static async Task<List<JsonElement>> TruthAsync(RunningSimulator register, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var lines = await client.GetStringAsync(new Uri(register.Address, "/_sim/records/siret"), cancellationToken);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }
}
