namespace Tidemark.Simulators.Faults;

/// <summary>What is wrong with a page that is otherwise answered well.</summary>
internal enum PageFault
{
    None,

    /// <summary>No records and nothing to continue with, though the total is the true one.</summary>
    Empty,

    /// <summary>Nothing to continue with, though more records follow.</summary>
    NullCursor,
}
