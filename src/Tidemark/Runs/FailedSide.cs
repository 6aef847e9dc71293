namespace Tidemark.Runs;

/// <summary>Whose fault a failed stream is: it decides the exit code.</summary>
public enum FailedSide
{
    /// <summary>The source's: exit 3.</summary>
    Source,

    /// <summary>The destination's, or a guard: exit 4.</summary>
    Destination,
}
