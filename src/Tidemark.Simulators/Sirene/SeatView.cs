namespace Tidemark.Simulators.Sirene;

/// <summary>The establishments of one moment that a query keeps, by ordinal.</summary>
internal sealed class SeatView(SeatRow[] rows, int[] ordinals)
{
    public int Count => ordinals.Length;

    public List<(int Ordinal, SeatRow Row)> Page(int start, int size) =>
        [.. ordinals.Skip(start).Take(size).Select(ordinal => (ordinal, rows[ordinal]))];

    /// <summary>Where the first one after an ordinal lies, whether or not that one is still there.</summary>
    public int IndexAfter(int ordinal)
    {
        var found = Array.BinarySearch(ordinals, ordinal);
        return found >= 0 ? found + 1 : ~found;
    }
}
