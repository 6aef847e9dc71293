namespace Tidemark.Destinations;

/// <summary>What became of records.</summary>
/// <param name="Inserted">New rows.</param>
/// <param name="Updated">Rows that changed.</param>
/// <param name="Unchanged">Records that changed nothing: equal to the stored row, or older.</param>
public readonly record struct WriteCounts(long Inserted, long Updated, long Unchanged)
{
    /// <summary>The sum of two.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static WriteCounts operator +(WriteCounts a, WriteCounts b) => new(a.Inserted + b.Inserted, a.Updated + b.Updated, a.Unchanged + b.Unchanged);
}
