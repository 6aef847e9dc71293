namespace Tidemark.Sources;

/// <summary>A part of the pages of a source that can be entered at any of them.</summary>
/// <param name="First">How many pages come before it.</param>
/// <param name="Count">How many pages it has; null: it goes on to the end.</param>
public sealed record PageRange(long First, long? Count)
{
    /// <summary>How many records a full page has; null: the first answer tells.</summary>
    public int? Length { get; init; }

    /// <summary>
    /// How many records the source had in all when the pages were shared out; null: the first answer tells. By as many as it has grown since, records may have moved towards later pages: the part is
    /// read on by so many, or one that moved over its end would be read by nobody.
    /// </summary>
    public long? Total { get; init; }

    /// <summary>How many records the pages have; null: not known.</summary>
    public long? Records => Total is not { } total || Length is not { } length ? null : Math.Max(0, Math.Min(total - (First * length), Count * length ?? long.MaxValue));
}
