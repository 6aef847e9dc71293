using System.Globalization;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What has become of the posts.</summary>
internal sealed record KpiOutcome
{
    public required string Place { get; init; }

    /// <summary>The field <c>source</c> of all of this demo's entries.</summary>
    public required string Source { get; init; }

    /// <summary>What each post of a hundred took.</summary>
    public List<double> Milliseconds { get; } = [];

    public double Median => Milliseconds.Order().ElementAt(Milliseconds.Count / 2);

    /// <summary>Entries of the posts of a hundred: received, created and rejected; and what a repeat without a key updated.</summary>
    public long Received { get; init; }

    public long Created { get; init; }

    public long Rejected { get; init; }

    public long Updated { get; init; }

    /// <summary>True if a repeat with its key got the first answer.</summary>
    public bool Repeated { get; init; }

    public TimeSpan SinglesTook { get; init; }

    /// <summary>Transactions of the posts of one entry; null: a database whose log can't be read.</summary>
    public int? SingleTransactions { get; init; }

    /// <summary>Posts that the killed server did not answer.</summary>
    public int Unanswered { get; init; }

    public int ServerExit { get; init; }

    /// <summary>The sellers' entries compared with the table.</summary>
    public SourceComparison? Comparison { get; init; }

    /// <summary>True if all was answered, repeats were harmless, and nothing is lost, there twice or different.</summary>
    public bool IsGood => Created + Rejected == Received && Repeated && Updated > 0 && ServerExit == 0 && Comparison is { IsWhole: true };

    /// <summary>A time in words.</summary>
    public static string Time(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");

    /// <summary>Says it to people.</summary>
    public void Tell(DemoScene scene)
    {
        var all = Comparison!;
        scene.Say("");
        scene.Say($"entries     {Terminal.Number(all.AtSource)} of sellers posted, {Terminal.Number(all.InTable)} in the table kpi_entries");
        scene.Say(all.Verdict("as it was posted", "than were posted"));
        scene.Say("");
        scene.Say($"The tables are in {Place}. Next:");
        scene.Say($"  tidemark serve -c {scene.File}");
        scene.Say("and post to it as docs/kpi.md shows: curl, n8n, Python, JavaScript, C#.");
    }

    /// <summary>Writes it as one JSON document.</summary>
    public void WriteJson() => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("received", Received);
        json.WriteNumber("created", Created);
        json.WriteNumber("rejected", Rejected);
        json.WriteNumber("updated_again", Updated);
        json.WriteBoolean("same_answer", Repeated);
        json.WriteNumber("median_ms", Math.Round(Median, 1));
        json.WriteStartObject("singles");
        json.WriteNumber("ms", Math.Round(SinglesTook.TotalMilliseconds, 1));
        if (SingleTransactions is { } transactions) json.WriteNumber("transactions", transactions);
        else json.WriteNull("transactions");
        json.WriteEndObject();
        json.WriteNumber("unanswered", Unanswered);
        Comparison!.Write(json, "entries");
        json.WriteEndObject();
    });
}
