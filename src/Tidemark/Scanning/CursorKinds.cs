using System.Globalization;

namespace Tidemark.Scanning;

/// <summary>Settles what the cursor values of a stream are.</summary>
public static class CursorKinds
{
    /// <summary>Later than this after now, a time is taken but never raises the watermark.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromDays(1);

    // 2001-09-09, where epoch seconds reach ten digits: below it a number is more likely a counter.
    private const decimal EarliestEpoch = 1_000_000_000m;

    /// <summary>
    /// What a declared format says, or, for <see cref="CursorFormat.Auto"/>, what most of the samples look like; null if none of them says anything.
    /// </summary>
    /// <param name="format">As declared.</param>
    /// <param name="samples">Values as they stand in records: the watermark, or those of a page.</param>
    /// <param name="now">The present: a number between 2001 and a day after it is a time.</param>
    public static CursorKind? Settle(CursorFormat format, IEnumerable<string> samples, DateTimeOffset now) => format switch
    {
        CursorFormat.Iso8601 => CursorKind.Time,
        CursorFormat.EpochS => CursorKind.EpochS,
        CursorFormat.EpochMs => CursorKind.EpochMs,
        CursorFormat.Integer => CursorKind.Number,
        CursorFormat.Text => CursorKind.Text,
        _ => Look(samples, now),
    };

    /// <summary>Compares two values without knowing more: null if they are of different kinds.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static int? Compare(string a, string b)
    {
        var (x, y) = (KindOf(a), KindOf(b));
        return x == y && CursorValue.TryParse(a, x, out var left) && CursorValue.TryParse(b, y, out var right) ? left.CompareTo(right) : null;
    }

    private static CursorKind? Look(IEnumerable<string> samples, DateTimeOffset now)
    {
        var kinds = samples.Select(text => (Text: text, Kind: KindOf(text))).ToList();
        if (kinds.Count == 0) return null;
        var most = kinds.GroupBy(k => k.Kind).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        if (most.Key != CursorKind.Number) return most.Key;
        // One plausible time among them is enough: a year 9999 beside it must not make counters of all.
        var latest = (now + FutureTolerance).ToUnixTimeSeconds();
        bool Within(decimal unit) => most.Any(k => Number(k.Text) / unit is >= EarliestEpoch and var seconds && seconds <= latest);
        return Within(1) ? CursorKind.EpochS : Within(1000) ? CursorKind.EpochMs : CursorKind.Number;
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static CursorKind KindOf(string text) =>
        IsoTime.TryParse(text, out _) ? CursorKind.Time
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? CursorKind.Number
        : CursorKind.Text;
}
