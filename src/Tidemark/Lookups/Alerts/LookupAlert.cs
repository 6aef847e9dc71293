using System.Globalization;

namespace Tidemark.Lookups.Alerts;

/// <summary>One thing that somebody is told about, as it stands.</summary>
/// <param name="Name">Which: <c>entries</c>, <c>average_reuse</c> or <c>expired</c>, as in the configuration.</param>
/// <param name="IsOn">True if it is to be told.</param>
/// <param name="Value">What was found; of <c>expired</c> a share from 0 to 1.</param>
/// <param name="Limit">What it is held against.</param>
/// <param name="Message">Both, for people.</param>
public sealed record LookupAlert(string Name, bool IsOn, double Value, double Limit, string Message)
{
    /// <summary>Judges figures. All are told, those that are not on as well.</summary>
    /// <param name="limits">What is not to be passed.</param>
    /// <param name="figures">How the lookup stands.</param>
    public static IReadOnlyList<LookupAlert> Judge(LookupAlerts limits, LookupFigures figures)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(figures);
        var kept = figures.Kept;
        var isJudged = kept.Entries > 0 && kept.Entries >= limits.MinEntries;
        var overdue = kept.Entries == 0 ? 0 : (double)kept.Overdue / kept.Entries;
        var (many, rare, late) = (kept.Entries > limits.Entries, isJudged && figures.AverageReuse < limits.AverageReuse, isJudged && overdue > limits.Expired);
        var few = $"not judged with {Entries(kept.Entries)}";
        return
        [
            new("entries", many, kept.Entries, limits.Entries, $"{Entries(kept.Entries)}, {(many ? "more than" : "at most")} {Text(limits.Entries)}"),
            new("average_reuse", rare, figures.AverageReuse, limits.AverageReuse,
                !isJudged ? few : $"an entry was served {Text(figures.AverageReuse)} times on average, {(rare ? "less than" : "at least")} {Text(limits.AverageReuse)}"),
            new("expired", late, overdue, limits.Expired, !isJudged ? few : $"{Text(100 * overdue)} % of the entries are past their clean-up time, {(late ? "more than" : "at most")} {Text(100 * limits.Expired)} %"),
        ];
    }

    private static string Entries(long count) => count == 1 ? "1 entry" : $"{Text(count)} entries";

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
