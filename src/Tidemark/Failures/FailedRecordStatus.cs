namespace Tidemark.Failures;

/// <summary>Where a failed record stands.</summary>
public enum FailedRecordStatus
{
    /// <summary>It waits to be dealt with.</summary>
    Open,

    /// <summary>It was written by a retry.</summary>
    Resolved,

    /// <summary>A retry came too late: a newer version of the row is stored.</summary>
    Superseded,
}
