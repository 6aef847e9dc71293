namespace Tidemark.Destinations;

/// <summary>What became of records.</summary>
/// <param name="Inserted">New rows.</param>
/// <param name="Updated">Rows that changed.</param>
/// <param name="Unchanged">Records that changed nothing: equal to the stored row, older, or overtaken by another record of the same call.</param>
/// <param name="Older">How many of the unchanged were held back because the stored row is newer.</param>
public readonly record struct WriteCounts(long Inserted, long Updated, long Unchanged, long Older = 0)
{
    /// <summary>What one record counts.</summary>
    /// <param name="outcome">What became of it.</param>
    public static WriteCounts Of(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.Inserted => new WriteCounts(1, 0, 0),
        RecordOutcome.Updated => new WriteCounts(0, 1, 0),
        RecordOutcome.Older => new WriteCounts(0, 0, 1, Older: 1),
        _ => new WriteCounts(0, 0, 1),
    };

    /// <summary>The sum of two.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static WriteCounts operator +(WriteCounts a, WriteCounts b) => new(a.Inserted + b.Inserted, a.Updated + b.Updated, a.Unchanged + b.Unchanged, a.Older + b.Older);
}
