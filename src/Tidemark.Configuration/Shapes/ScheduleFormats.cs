using System.Globalization;
using Quartz;
using Tidemark.Definitions;
using Tidemark.Quotas;

namespace Tidemark.Configuration.Shapes;

/// <summary>Values that tell a time: time zones and cron expressions.</summary>
internal static class ScheduleFormats
{
    /// <summary>An IANA name.</summary>
    public static Format<string> TimeZone { get; } = Formats.Parsed(ReadZone);

    /// <summary>A cron expression with seconds.</summary>
    public static Format<string> Cron { get; } = Formats.Parsed(ReadCron);

    private static string ReadZone(string name)
    {
        if (BudgetCalendar.Knows(name)) return name;
        if (!BudgetCalendar.Knows("Europe/Paris")) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"found the time zone '{name}', but this machine knows none: install its time zone data (tzdata)"));
        throw new FormatException($"found '{name}', which is no time zone{(NearestName.Of(name, BudgetCalendar.Names) is { } near ? $"; did you mean '{near}'?" : "; expected an IANA name such as Europe/Paris")}");
    }

    private static string ReadCron(string text)
    {
        if (!CronExpression.TryParse(text, out var cron))
        {
            var hint = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5 ? "; five fields are crontab's: put the seconds before them" : "";
            throw new FormatException($"found '{text}', expected a cron expression of seconds, minutes, hours, day of month, month and day of week, such as \"0 */15 * * * ?\"{hint}");
        }
        return cron.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null ? throw new FormatException($"found '{text}', which never comes") : text;
    }
}
