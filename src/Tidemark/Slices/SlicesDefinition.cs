using Tidemark.Sources;

namespace Tidemark.Slices;

/// <summary>How a stream is cut into slices: each is read for itself, with a checkpoint of its own, so that an import goes on where it stopped, slice by slice.</summary>
public sealed record SlicesDefinition
{
    /// <summary>The most slices that a stream may have.</summary>
    public const int Most = 100_000;

    /// <summary>A slice for each value; empty: there is a <see cref="Range"/>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>A slice for each step of a range; null: there is a list of <see cref="Values"/>.</summary>
    public SliceRange? Range { get; init; }

    /// <summary>A slice for each so many pages, at least 1; null: it is cut by <see cref="Values"/> or by a <see cref="Range"/>.</summary>
    public int? Pages { get; init; }

    /// <summary>The parameter of the request that takes <c>{{ slice }}</c>; null (default): the request has it in its templates.</summary>
    public string? Param { get; init; }

    /// <summary>How many slices are read side by side, 1 to 64; default 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>How often a slice that fails is tried in one run, after the others; at least 1, default 3.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How runs after a complete import read; default: each slice what is new in it.</summary>
    public SlicedIncremental Incremental { get; init; }

    /// <summary>All slices, in order. Of pages, the first one as long as nothing is known of the source.</summary>
    /// <param name="now">Where a range without an end ends.</param>
    /// <param name="total">How many records the source has in all; null: not known.</param>
    /// <param name="pageLength">How many a full page has; null: not known.</param>
    public IReadOnlyList<SliceValues> All(DateTimeOffset now, long? total = null, int? pageLength = null) =>
        Pages is { } pages ? PageSlices.Of(pages, total, pageLength)
        : Range is null ? [.. Values.Select(v => new SliceValues(v))]
        : [.. Range.Cut(now)];
}
