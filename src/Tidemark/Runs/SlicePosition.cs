using Tidemark.Slices;

namespace Tidemark.Runs;

/// <summary>Where a slice stands in an import, for forecasts.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Read">Records of it that are done.</param>
/// <param name="Failed">Records of these that failed.</param>
internal readonly record struct SlicePosition(string Slice, SliceStatus Status, long Read, long Failed)
{
    /// <summary>Records of the whole slice; null: not known.</summary>
    public long? Records { get; init; }

    /// <summary>Where its reading stands in this run; null: it was not begun in it.</summary>
    public ReadingNow? Reading { get; init; }
}
