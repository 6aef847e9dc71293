using System.Globalization;

namespace Tidemark.Simulators.Records;

/// <summary>Timestamps as text: UTC, milliseconds, Z. Of one width, so that they sort as text.</summary>
internal static class Stamps
{
    public static DateTimeOffset Floor(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A bound of a filter, rounded up: a record of the same millisecond is not later than a bound inside it.</summary>
    public static bool TryBound(string text, out string bound)
    {
        var known = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        var floor = Floor(time);
        bound = known ? Text(floor < time ? floor.AddMilliseconds(1) : floor) : "";
        return known;
    }
}
