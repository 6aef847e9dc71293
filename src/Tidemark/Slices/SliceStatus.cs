namespace Tidemark.Slices;

/// <summary>How far a slice has come in an import.</summary>
public enum SliceStatus
{
    /// <summary>It is still to be read, or to be read on.</summary>
    Pending,

    /// <summary>It is being read.</summary>
    Running,

    /// <summary>It was read to the end.</summary>
    Done,

    /// <summary>It failed as often as it may in one run; the next run tries again.</summary>
    Failed,
}
