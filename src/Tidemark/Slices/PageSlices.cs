using System.Globalization;
using Tidemark.Sources;

namespace Tidemark.Slices;

/// <summary>Shares pages out. Pure.</summary>
internal static class PageSlices
{
    /// <summary>The slices of so many pages each; the last one goes on to the end. Each is named by the number of its first page, from 1.</summary>
    /// <param name="step">How many pages a slice has.</param>
    /// <param name="total">Records in all; null: not known, and there is the first slice only.</param>
    /// <param name="length">Records of a full page.</param>
    public static IReadOnlyList<SliceValues> Of(int step, long? total, int? length)
    {
        if (total is not { } records || length is not { } each) return [Slice(0, step, total: null, length: null)];
        var count = CountOf(step, records, each);
        return [.. Enumerable.Range(0, (int)count).Select(i => Slice((long)i * step, i == count - 1 ? null : step, records, each))];
    }

    /// <summary>How many slices there are, at least 1.</summary>
    public static long CountOf(int step, long total, int length) => Math.Max(1, Up(Up(total, length), step));

    private static SliceValues Slice(long first, int? pages, long? total, int? length) =>
        new((first + 1).ToString(CultureInfo.InvariantCulture)) { Pages = new PageRange(first, pages) { Total = total, Length = length } };

    private static long Up(long number, long by) => (number + by - 1) / by;
}
