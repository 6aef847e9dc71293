namespace Tidemark.Planning;

/// <summary>What is known of one reading: of a stream, or of one of its slices.</summary>
/// <param name="Records">Records of the whole reading; null: not known.</param>
/// <param name="Done">Records of it that are done.</param>
internal readonly record struct ReadingFacts(long? Records, long Done)
{
    /// <summary>Pages of it that are here; null: those of the records that are done.</summary>
    public long? Pages { get; init; }

    /// <summary>Pages of the whole reading, where that is known in another way than by its records; null: it is not.</summary>
    public long? AllPages { get; init; }

    /// <summary>True if the call for its next page is on its way: it has passed the quota.</summary>
    public bool IsAsked { get; init; }
}
