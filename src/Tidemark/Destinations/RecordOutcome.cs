namespace Tidemark.Destinations;

/// <summary>What became of a record that was written.</summary>
public enum RecordOutcome : byte
{
    /// <summary>It is a new row.</summary>
    Inserted,

    /// <summary>It changed the row of its key.</summary>
    Updated,

    /// <summary>The row of its key was like it already.</summary>
    Unchanged,

    /// <summary>Another record of the same key in the same call has overtaken it, and carries its news.</summary>
    Duplicate,

    /// <summary>The stored row is newer: nothing was written.</summary>
    Older,
}
