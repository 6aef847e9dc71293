using Tidemark.Sources;

namespace Tidemark.Slices;

/// <summary>A range that is cut into steps.</summary>
public abstract record SliceRange
{
    /// <summary>The slices, in order.</summary>
    /// <param name="now">Where a range without an end ends.</param>
    public abstract IEnumerable<SliceValues> Cut(DateTimeOffset now);

    /// <summary>How many slices there are.</summary>
    /// <param name="now">Where a range without an end ends.</param>
    public abstract long Count(DateTimeOffset now);
}
