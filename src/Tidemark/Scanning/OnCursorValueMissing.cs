namespace Tidemark.Scanning;

/// <summary>What happens to a record without a usable cursor value.</summary>
public enum OnCursorValueMissing
{
    /// <summary>It is taken.</summary>
    Include,

    /// <summary>It is skipped.</summary>
    Exclude,

    /// <summary>The stream fails.</summary>
    Fail,
}
