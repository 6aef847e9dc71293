namespace Tidemark.Scanning;

/// <summary>What cursor values of a scan are: settled once, so that all of them compare with each other.</summary>
public enum CursorKind
{
    /// <summary>A point in time.</summary>
    Time,

    /// <summary>Seconds since 1970.</summary>
    EpochS,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMs,

    /// <summary>A number without a meaning as time.</summary>
    Number,

    /// <summary>Text, compared by code points.</summary>
    Text,
}
