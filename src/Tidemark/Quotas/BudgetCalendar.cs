namespace Tidemark.Quotas;

/// <summary>The periods of budgets: whole days in a time zone, of 23, 24 or 25 hours, counted from 1970-01-01.</summary>
public static class BudgetCalendar
{
    /// <summary>True if this machine knows a time zone.</summary>
    /// <param name="timeZone">An IANA name, such as Europe/Paris.</param>
    public static bool Knows(string timeZone) => TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);

    /// <summary>The time zones that this machine knows.</summary>
    public static IEnumerable<string> Names => TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id);

    /// <summary>The number of the period that a point in time lies in.</summary>
    internal static long PeriodOf(int days, string timeZone, DateTimeOffset time)
    {
        var day = TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).Date;
        return (long)Math.Floor((day - DateTime.UnixEpoch).TotalDays / days);
    }

    /// <summary>When a period begins: at its first midnight, or at the first moment after it where clocks skip midnight.</summary>
    internal static DateTimeOffset StartOf(long period, int days, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var midnight = DateTime.SpecifyKind(DateTime.UnixEpoch.AddDays(period * days), DateTimeKind.Unspecified);
        // Clocks skip an hour, half an hour, or a day (where the date line was moved).
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }
}
