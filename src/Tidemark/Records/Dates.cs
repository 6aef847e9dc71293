namespace Tidemark.Records;

/// <summary>Days of the Gregorian calendar as RFC 3339 writes them: <c>2026-01-09</c>, from year 1 to 9999.</summary>
public static class Dates
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Reads a day; false if the text is none.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="days">Since 1970-01-01.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-') return false;
        if (!Digits(text[..2], out var century) || !Digits(text.Slice(2, 2), out var rest) || !Digits(text.Slice(5, 2), out var month) || !Digits(text.Slice(8, 2), out var day)) return false;
        var year = (century * 100) + rest;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        days = new DateOnly(year, month, day).DayNumber - Epoch;
        return true;
    }

    /// <summary>Reads two digits.</summary>
    internal static bool Digits(ReadOnlySpan<byte> two, out int value)
    {
        var (tens, ones) = (two[0] - '0', two[1] - '0');
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }
}
