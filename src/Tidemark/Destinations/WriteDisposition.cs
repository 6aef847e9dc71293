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
