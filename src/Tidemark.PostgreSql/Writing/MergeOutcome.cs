namespace Tidemark.PostgreSql.Writing;

/// <summary>The answer of a merge.</summary>
/// <param name="Rows">How many rows came.</param>
/// <param name="Existing">How many of them were there.</param>
/// <param name="Changed">How many of these had to change.</param>
/// <param name="Older">How many were held back.</param>
/// <param name="Updated">How many were updated.</param>
/// <param name="Inserted">How many were inserted.</param>
internal readonly record struct MergeOutcome(long Rows, long Existing, long Changed, long Older, long Updated, long Inserted)
{
    /// <summary>True if nobody else came between: all that had to be inserted or updated was.</summary>
    public bool IsComplete => Existing + Inserted == Rows && Updated == Changed;

    /// <summary>Reads the answer.</summary>
    public static MergeOutcome Of(object?[] row) => new((long)row[0]!, (long)row[1]!, (long)row[2]!, (long)row[3]!, (long)row[4]!, (long)row[5]!);
}
