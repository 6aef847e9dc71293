namespace Tidemark.Runs;

/// <summary>What a stream read.</summary>
public enum RunMode
{
    /// <summary>Everything, for the first time.</summary>
    First,

    /// <summary>What is new.</summary>
    Incremental,

    /// <summary>Everything, again.</summary>
    Full,
}
