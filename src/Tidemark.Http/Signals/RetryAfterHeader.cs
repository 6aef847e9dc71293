using System.Globalization;

namespace Tidemark.Http.Signals;

/// <summary>Reads the Retry-After header: whole seconds, fractional seconds, or an HTTP date.</summary>
internal static class RetryAfterHeader
{
    /// <summary>How long to wait; null if the header is missing or unreadable.</summary>
    /// <param name="header">The header.</param>
    /// <param name="server">The server's own clock, in whole seconds: against it a date is exact, whatever ours says.</param>
    public static TimeSpan? Read(string? header, DateTimeOffset server)
    {
        if (header is null) return null;
        if (double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(3650).TotalSeconds));
        // A date has a time in it; the parser would take a bare number for one.
        if (!header.Contains(':', StringComparison.Ordinal) || !DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)) return null;
        var wait = until - server;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
