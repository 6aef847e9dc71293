namespace Tidemark.Slices;

/// <summary>How runs after a complete import read a stream with slices.</summary>
public enum SlicedIncremental
{
    /// <summary>Each slice what is new in it, by a watermark of its own.</summary>
    Each,

    /// <summary>The stream as a whole, by one watermark, without a slice: one call where nothing is new, instead of one a slice.</summary>
    Whole,
}
