using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What has become of the shops.</summary>
/// <param name="Transactions">Transactions of the second scrape, as the database counted them; null: it is one whose log can't be read.</param>
/// <param name="Batches">The same, as <c>save</c> counted them.</param>
/// <param name="Acknowledged">Shops that were acknowledged before the kill.</param>
/// <param name="AfterKill">Shops of that scrape that were in the table after it.</param>
/// <param name="Comparison">All that were found, compared with the table.</param>
internal sealed record ShopsOutcome(int? Transactions, long Batches, int Acknowledged, long AfterKill, SourceComparison Comparison)
{
    private const int MostTransactions = 100;

    /// <summary>True if nothing is lost, there twice or different, and the transactions were as few as promised.</summary>
    public bool IsGood => Comparison.IsWhole && AfterKill >= Acknowledged && (Transactions ?? Batches) <= MostTransactions;

    /// <summary>Says it to people.</summary>
    public void Tell(DemoScene scene, string place)
    {
        scene.Say("");
        scene.Say($"shops       {Terminal.Number(Comparison.AtSource)} found, {Terminal.Number(Comparison.InTable)} in the table");
        scene.Say(Comparison.Verdict("as it was found", "than were found"));
        scene.Say("");
        scene.Say($"The table is in {place}. Next:");
        scene.Say($"  tidemark show shops -c {scene.File} --limit 3");
    }

    /// <summary>Writes it as one JSON document.</summary>
    public void WriteJson() => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        if (Transactions is { } transactions) json.WriteNumber("transactions", transactions);
        else json.WriteNull("transactions");
        json.WriteNumber("batches", Batches);
        json.WriteStartObject("killed");
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("in_table", AfterKill);
        json.WriteEndObject();
        Comparison.Write(json, "shops");
        json.WriteEndObject();
    });
}
