namespace Tidemark.Scanning;

/// <summary>What becomes of a record.</summary>
public enum Decision : byte
{
    /// <summary>It is written.</summary>
    Take,

    /// <summary>It is passed over, and counted as skipped.</summary>
    Skip,

    /// <summary>It is known from the scan before, and counted as a duplicate only.</summary>
    Duplicate,

    /// <summary>It lies behind the place where the scan stopped; it is counted nowhere.</summary>
    Beyond,
}
