using System.Globalization;
using Tidemark.Sources;

namespace Tidemark.Slices;

/// <summary>A range of whole numbers.</summary>
/// <param name="From">Where it begins, inclusive.</param>
/// <param name="To">Where it ends, exclusive.</param>
/// <param name="Step">How many numbers a slice has; the last one may have fewer.</param>
public sealed record NumberRange(long From, long To, long Step) : SliceRange
{
    /// <inheritdoc/>
    public override IEnumerable<SliceValues> Cut(DateTimeOffset now)
    {
        for (var at = From; at < To; at += Step)
        {
            var last = To - at <= Step;
            yield return new SliceValues(at.ToString(CultureInfo.InvariantCulture)) { FirstNumber = at, EndNumber = last ? To : at + Step };
            // Beyond this the next start may be no number any more.
            if (last) yield break;
        }
    }

    /// <inheritdoc/>
    public override long Count(DateTimeOffset now) => To <= From ? 0 : (long)(((Int128)To - From + Step - 1) / Step);
}
