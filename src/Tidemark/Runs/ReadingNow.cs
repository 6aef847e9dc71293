namespace Tidemark.Runs;

/// <summary>Where a reading stands at one moment of its run.</summary>
/// <param name="Read">Records of it that are done, in earlier runs too.</param>
/// <param name="Pages">Pages that this run has got.</param>
internal readonly record struct ReadingNow(long Read, long Pages)
{
    /// <summary>Records that earlier runs have done.</summary>
    public long ReadBefore { get; init; }

    /// <summary>Records of the whole reading: as the source said, or as there were when it ended; null: not known.</summary>
    public long? Records { get; init; }

    /// <summary>True if the call for the next page is on its way.</summary>
    public bool IsAsked { get; init; }

    /// <summary>True if no page follows.</summary>
    public bool IsLast { get; init; }
}
