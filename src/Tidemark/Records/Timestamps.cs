namespace Tidemark.Records;

/// <summary>
/// Points in time as RFC 3339 writes them, with their zone: <c>2026-01-09T10:00:00Z</c>, <c>2026-01-09 10:00:00.123456+02:00</c>; the colon of the offset may be left out.
/// A text with a leap second is none.
/// </summary>
public static class Timestamps
{
    private const int ToSeconds = 19;
    private const int Longest = 40;
    private const long PerSecond = 1_000_000;

    /// <summary>Reads a point in time; false if the text is none.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="microseconds">Since 1970-01-01T00:00:00Z; finer decimals are cut off.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds) => TryParse(text, out microseconds, out _);

    /// <summary>Reads a point in time; false if the text is none.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="microseconds">Since 1970-01-01T00:00:00Z; finer decimals are cut off.</param>
    /// <param name="exact">False if anything but zeros was cut off. Databases keep microseconds.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds, out bool exact)
    {
        (microseconds, exact) = (0, true);
        if (text.Length <= ToSeconds || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':') return false;
        if (!Dates.TryParse(text[..10], out var days)
            || !Dates.Digits(text.Slice(11, 2), out var hour) || !Dates.Digits(text.Slice(14, 2), out var minute) || !Dates.Digits(text.Slice(17, 2), out var second)
            || hour > 23 || minute > 59 || second > 59)
            return false;
        var rest = text[ToSeconds..];
        var fraction = 0L;
        if (rest[0] == '.' && !TryFraction(ref rest, out fraction, out exact)) return false;
        if (!TryOffset(rest, out var offset)) return false;
        microseconds = (((days * 86_400L) + (hour * 3600) + (minute * 60) + second - offset) * PerSecond) + fraction;
        return true;
    }

    /// <summary>True for what would be a point in time if it had a zone.</summary>
    internal static bool LacksZone(ReadOnlySpan<byte> text)
    {
        Span<byte> withZone = stackalloc byte[Longest + 1];
        if (text.Length > Longest) return false;
        text.CopyTo(withZone);
        withZone[text.Length] = (byte)'Z';
        return TryParse(withZone[..(text.Length + 1)], out _);
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out long microseconds, out bool exact)
    {
        (microseconds, exact) = (0, true);
        var at = 1;
        var unit = PerSecond;
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            unit /= 10;
            exact &= unit > 0 || text[at] == '0';
            microseconds += (text[at] - '0') * unit;
        }
        if (at == 1) return false;
        text = text[at..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text is [(byte)'Z']) return true;
        if (text.Length is not (5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || (text.Length == 6 && text[3] != ':')) return false;
        if (!Dates.Digits(text.Slice(1, 2), out var hours) || !Dates.Digits(text[^2..], out var minutes) || hours > 18 || minutes > 59) return false;
        seconds = ((hours * 3600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
