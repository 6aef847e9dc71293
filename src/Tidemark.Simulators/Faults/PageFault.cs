namespace Tidemark.Simulators.Faults;

/// <summary>What is wrong with a page that is otherwise answered well.</summary>
internal enum PageFault
{
    None,

    /// <summary>No records and nothing to continue with, though the total is the true one.</summary>
    Empty,

    /// <summary>Nothing to continue with, though more records follow.</summary>
    NullCursor,

    /// <summary>Refused: the cursor is no longer known, nor is any that comes from the same beginning.</summary>
    ExpiredCursor,
}
