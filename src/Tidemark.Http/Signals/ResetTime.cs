using System.Globalization;

namespace Tidemark.Http.Signals;

/// <summary>Reads when a limit begins anew; the unit is told by the size: from 1e12 on epoch milliseconds, from 1e9 on epoch seconds, else seconds from now.</summary>
internal static class ResetTime
{
    // The last is the year 8307: beyond it is no time.
    private const double EpochSeconds = 1e9, EpochMilliseconds = 1e12, LatestMilliseconds = 2e14;

    /// <summary>How long it takes until then, zero or less if it is past; null if it is no number.</summary>
    /// <param name="text">The number.</param>
    /// <param name="server">The server's own clock: against it an epoch is exact, whatever ours says. Seconds are cut off as those of its Date are.</param>
    public static TimeSpan? Read(string text, ClockReading server)
    {
        if (Number(text) is not { } number || number > LatestMilliseconds) return null;
        if (number < EpochSeconds) return TimeSpan.FromSeconds(number);
        return number < EpochMilliseconds ? DateTimeOffset.UnixEpoch.AddSeconds(number) - server.Date : DateTimeOffset.UnixEpoch.AddMilliseconds(number) - server.Finer;
    }

    /// <summary>A number that is not below 0; null if it is none.</summary>
    /// <param name="text">The number.</param>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
}
