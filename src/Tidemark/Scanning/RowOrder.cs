namespace Tidemark.Scanning;

/// <summary>The order of records at the source, by cursor value.</summary>
public enum RowOrder
{
    /// <summary>Unknown: every page has to be read.</summary>
    None,

    /// <summary>Oldest first: the watermark moves with each batch.</summary>
    Asc,

    /// <summary>Newest first: the scan stops at the first record older than the watermark.</summary>
    Desc,
}
