namespace Tidemark.Scanning;

/// <summary>What a cursor value is.</summary>
public enum CursorFormat
{
    /// <summary>What it looks like: ISO 8601 is a time; a number is epoch seconds or milliseconds where it falls between 2001 and tomorrow, else an integer; anything else is text.</summary>
    Auto,

    /// <summary>A date or time, ISO 8601, with any offset and up to 9 decimals; without an offset it is UTC.</summary>
    Iso8601,

    /// <summary>Seconds since 1970.</summary>
    EpochS,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMs,

    /// <summary>A number without a meaning as time.</summary>
    Integer,

    /// <summary>Text, compared by code points.</summary>
    Text,
}
