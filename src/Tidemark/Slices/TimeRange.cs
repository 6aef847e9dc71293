using System.Globalization;
using Tidemark.Sources;

namespace Tidemark.Slices;

/// <summary>A range of times.</summary>
/// <param name="From">Where it begins, inclusive.</param>
/// <param name="To">Where it ends, exclusive; null: now, so that later runs have more slices.</param>
/// <param name="Step">How long a slice is; the last one may be shorter.</param>
public sealed record TimeRange(DateTimeOffset From, DateTimeOffset? To, TimeSpan Step) : SliceRange
{
    /// <inheritdoc/>
    public override IEnumerable<SliceValues> Cut(DateTimeOffset now)
    {
        var end = To ?? now;
        for (var at = From; at < end; at += Step)
            yield return new SliceValues(NameOf(at)) { From = at, To = end - at < Step ? end : at + Step };
    }

    /// <inheritdoc/>
    public override long Count(DateTimeOffset now) => (To ?? now) <= From ? 0 : (((To ?? now) - From).Ticks + Step.Ticks - 1) / Step.Ticks;

    // Where all slices begin at midnight, days are enough to tell them apart.
    private string NameOf(DateTimeOffset at) =>
        at.UtcDateTime.ToString(From.UtcDateTime.TimeOfDay == TimeSpan.Zero && Step.Ticks % TimeSpan.TicksPerDay == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
