namespace Tidemark.Scanning;

/// <summary>
/// ISO 8601 dates and times with up to 9 decimals, which is more than <see cref="DateTimeOffset"/> holds: <c>2026-01-09</c>, <c>2026-01-09T10:00Z</c>,
/// <c>2026-01-09 10:00:00.123456789+02:00</c>. Without an offset it is UTC; decimals beyond the ninth are cut off.
/// </summary>
public static class IsoTime
{
    /// <summary>Reads a time as seconds since 1970 with their fraction.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seconds">Seconds.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal seconds)
    {
        seconds = 0;
        var at = 0;
        if (!Digits(text, ref at, 4, out var year) || !Skip(text, ref at, '-') || !Digits(text, ref at, 2, out var month)
            || !Skip(text, ref at, '-') || !Digits(text, ref at, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        seconds = (decimal)(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds;
        if (at == text.Length) return true;

        if (text[at] is not ('T' or 't' or ' ')) return false;
        at++;
        if (!Digits(text, ref at, 2, out var hour) || !Skip(text, ref at, ':') || !Digits(text, ref at, 2, out var minute) || hour > 23 || minute > 59) return false;
        seconds += (hour * 3600) + (minute * 60);
        if (Skip(text, ref at, ':'))
        {
            // 60 is a leap second.
            if (!Digits(text, ref at, 2, out var second) || second > 60) return false;
            seconds += second;
            if (at < text.Length && text[at] is '.' or ',')
            {
                at++;
                if (!Fraction(text, ref at, out var fraction)) return false;
                seconds += fraction;
            }
        }
        return Offset(text, at, ref seconds);
    }

    /// <summary>Reads a time; null if it is none, or lies, in UTC, outside of the years 1 to 9999.</summary>
    /// <param name="text">The text.</param>
    public static DateTimeOffset? TimeOf(ReadOnlySpan<char> text)
    {
        if (!TryParse(text, out var seconds)) return null;
        var ticks = DateTimeOffset.UnixEpoch.Ticks + decimal.Floor(seconds * TimeSpan.TicksPerSecond);
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : null;
    }

    private static bool Offset(ReadOnlySpan<char> text, int at, ref decimal seconds)
    {
        if (at == text.Length) return true;
        if (text[at] is 'Z' or 'z') return at + 1 == text.Length;
        if (text[at] is not ('+' or '-')) return false;
        var sign = text[at] == '-' ? -1 : 1;
        at++;
        if (!Digits(text, ref at, 2, out var hours)) return false;
        var minutes = 0;
        if (at < text.Length)
        {
            Skip(text, ref at, ':');
            if (!Digits(text, ref at, 2, out minutes)) return false;
        }
        seconds -= sign * ((hours * 3600) + (minutes * 60));
        return at == text.Length && hours <= 18 && minutes <= 59;
    }

    private static bool Fraction(ReadOnlySpan<char> text, ref int at, out decimal fraction)
    {
        var start = at;
        long value = 0;
        long scale = 1;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            if (scale == 1_000_000_000) continue;
            value = (value * 10) + (text[at] - '0');
            scale *= 10;
        }
        fraction = (decimal)value / scale;
        return at > start;
    }

    private static bool Digits(ReadOnlySpan<char> text, ref int at, int count, out int value)
    {
        value = 0;
        if (text.Length - at < count) return false;
        for (var end = at + count; at < end; at++)
        {
            if (!char.IsAsciiDigit(text[at])) return false;
            value = (value * 10) + (text[at] - '0');
        }
        return true;
    }

    private static bool Skip(ReadOnlySpan<char> text, ref int at, char expected)
    {
        if (at >= text.Length || text[at] != expected) return false;
        at++;
        return true;
    }
}
