namespace Tidemark.Destinations;

/// <summary>A difference between a table and its declaration.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Subject">What it is about, for people: <c>column city</c>.</param>
/// <param name="Expected">What was declared.</param>
/// <param name="Found">What is there, and what to do about it where that is not plain.</param>
public sealed record SchemaDifference(SchemaDifferenceKind Kind, string Subject, string Expected, string Found)
{
    /// <summary>The difference in a line.</summary>
    public override string ToString() => $"{Subject}: expected {Expected}, found {Found}";
}
