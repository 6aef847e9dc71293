namespace Tidemark.Sources;

/// <summary>What <c>{{ slice }}</c> stands for in the requests of one slice of a stream.</summary>
/// <param name="Name">The slice's name: the value of a list, the start of a range.</param>
public sealed record SliceValues(string Name)
{
    /// <summary>The pages that it has; null: it is no part of pages.</summary>
    public PageRange? Pages { get; init; }

    /// <summary>Where a range of times begins, inclusive; null: it is none.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Where a range of times ends, exclusive; null: it is none.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Where a range of numbers begins, inclusive; null: it is none.</summary>
    public long? FirstNumber { get; init; }

    /// <summary>Where a range of numbers ends, exclusive; null: it is none.</summary>
    public long? EndNumber { get; init; }
}
