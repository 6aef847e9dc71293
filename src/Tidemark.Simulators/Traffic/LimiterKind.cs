namespace Tidemark.Simulators.Traffic;

/// <summary>How a server counts the calls that it allows; each counts a limit of calls in an interval in its own way.</summary>
public enum LimiterKind
{
    /// <summary>In windows of one interval, each from the first call after the last window's end: around an end, twice the limit can pass.</summary>
    Fixed,

    /// <summary>In the interval before each call: no interval, wherever it begins, holds more than the limit.</summary>
    Sliding,

    /// <summary>A bucket that holds the limit when full, loses one for each call, and is refilled evenly, the limit in an interval.</summary>
    Bucket,
}
