namespace Tidemark.Destinations;

/// <summary>What becomes of rows that the source no longer has. Only a complete, unfiltered scan can tell.</summary>
public enum Deletions
{
    /// <summary>They stay.</summary>
    Ignore,

    /// <summary>They stay, with the time in <c>_tidemark_deleted_at</c>.</summary>
    Mark,

    /// <summary>They are removed.</summary>
    Remove,
}
