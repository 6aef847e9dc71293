using System.Buffers;
using System.Globalization;
using System.Xml;

namespace Tidemark.Definitions;

/// <summary>Durations as people write them.</summary>
public static class Durations
{
    /// <summary>A century: what adds it to a time of ours stays within what a date can be.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads <c>250ms</c>, <c>30s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c>, <c>2w</c>, sums such as <c>1h30m</c>, and ISO 8601 (<c>PT1H30M</c>, <c>P7D</c>); a century at most.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The duration.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();
        if (text.Length == 0) return false;
        if (text[0] == 'P')
        {
            try
            {
                value = XmlConvert.ToTimeSpan(text.ToString());
                return value <= Longest;
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return false;
            }
        }
        while (text.Length > 0)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? text : text[..letters];
            double seconds = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, "w" => 604800, _ => 0 };
            if (seconds == 0 || number * seconds > Longest.TotalSeconds) return false;
            // Rounded, as TimeSpan itself cuts off: 5.536s would be a tick short.
            value += TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond));
            if (value > Longest) return false;
            text = text[unit.Length..];
        }
        return true;
    }

    /// <summary>The shortest exact form: <c>1h30m</c>, <c>250ms</c>.</summary>
    /// <param name="value">The duration.</param>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0s";
        if (value < TimeSpan.FromSeconds(1)) return string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.###}ms");
        var text = "";
        if (value.Days > 0) text += $"{value.Days}d";
        if (value.Hours > 0) text += $"{value.Hours}h";
        if (value.Minutes > 0) text += $"{value.Minutes}m";
        var seconds = value.Seconds + (value.Milliseconds / 1000.0);
        if (seconds > 0) text += string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s");
        return text;
    }
}
