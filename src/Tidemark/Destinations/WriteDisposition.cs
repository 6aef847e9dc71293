namespace Tidemark.Destinations;

/// <summary>What becomes of records that arrive.</summary>
public enum WriteDisposition
{
    /// <summary>Each is a new row.</summary>
    Append,

    /// <summary>A complete scan takes the place of the whole table, in one transaction.</summary>
    Replace,

    /// <summary>Rows with the same primary key are updated, others inserted.</summary>
    Merge,
}

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
