using System.Globalization;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What the demo of product discovery has seen.</summary>
internal sealed record DiscoveryOutcome
{
    /// <summary>The counts of five reads, one after the other.</summary>
    public IReadOnlyList<long> Counts { get; init; } = [];

    /// <summary>The count after the answer was bought again.</summary>
    public long Kept { get; init; }

    public long StampedeCalls { get; init; }

    public int StampedeAnswers { get; init; }

    public bool OldIsMarked { get; init; }

    /// <summary>The status where nothing could be served.</summary>
    public int WithoutAnswer { get; init; }

    public int Requests { get; init; }

    public int Hits { get; init; }

    /// <summary>What the day would have cost.</summary>
    public double TokensWithout { get; init; }

    /// <summary>What it has cost, as the API counted.</summary>
    public double TokensSpent { get; init; }

    public int FirstExit { get; init; }

    public int SecondExit { get; init; }

    private double Saved => TokensWithout == 0 ? 0 : 1 - (TokensSpent / TokensWithout);

    /// <summary>True if all was as it should be.</summary>
    public bool IsGood(double leastSaving) => Counts.SequenceEqual([1L, 2, 3, 4, 5]) && Kept >= 5 && StampedeCalls == 1 && StampedeAnswers == 1000 && OldIsMarked && WithoutAnswer is 502 or 504 && Saved >= leastSaving && FirstExit == 0 && SecondExit == 0;

    public void Tell(DemoScene scene)
    {
        scene.Say("");
        scene.Say($"requests   {Terminal.Number(Requests)}, {Terminal.Number(Hits)} of them answered from what is kept");
        scene.Say($"tokens     {Terminal.Number(TokensWithout)} without, {Terminal.Number(TokensSpent)} spent, as the API has counted: {(100 * Saved).ToString("0.0", CultureInfo.InvariantCulture)} % saved");
        scene.Say("");
        scene.Say($"The answers are in three tables; the configuration is {scene.File}. Next:");
        scene.Say($"  tidemark lookup stats -c {scene.File}");
        scene.Say($"  tidemark verify -c {scene.File}");
    }

    public void WriteJson() => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("hit_counts");
        foreach (var count in Counts) json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteStartObject("stampede");
        json.WriteNumber("answers", StampedeAnswers);
        json.WriteNumber("calls", StampedeCalls);
        json.WriteEndObject();
        json.WriteStartObject("outage");
        json.WriteBoolean("stale", OldIsMarked);
        json.WriteNumber("without_answer", WithoutAnswer);
        json.WriteEndObject();
        json.WriteStartObject("day");
        json.WriteNumber("requests", Requests);
        json.WriteNumber("hits", Hits);
        json.WriteNumber("tokens_without", TokensWithout);
        json.WriteNumber("tokens_spent", TokensSpent);
        json.WriteNumber("saved_percent", Math.Round(100 * Saved, 1));
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
