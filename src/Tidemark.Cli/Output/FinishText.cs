using System.Globalization;
using Tidemark.Runs.Forecasts;

namespace Tidemark.Cli.Output;

/// <summary>What is left of a run and when it ends, in words. Times are UTC.</summary>
internal static class FinishText
{
    /// <summary>What is left of a stream, how fast it goes, and when it is done or why nobody knows.</summary>
    public static string Line(StreamFinish finish, DateTimeOffset now)
    {
        var parts = new List<string>();
        if (finish.Left is { } left) parts.Add($"{Terminal.Number(left)} left{(finish.CallsLeft is { } calls and > 0 ? $" in {Counted.Of(calls, "call")}" : "")}");
        if (finish.Rate is { } rate) parts.Add($"{Rate(rate)}/s");
        parts.Add(When(finish, now));
        return string.Join(", ", parts);
    }

    /// <summary>When a stream is done, or why nobody knows.</summary>
    public static string When(StreamFinish finish, DateTimeOffset now) =>
        finish.EndsAt is { } end ? $"done at {At(end, now, "HH:mm 'UTC'")}{(finish.Parks > 0 ? $", {Parked(finish.Parks)}" : "")}" : $"finish time unknown: {finish.Unknown}";

    /// <summary>How often it is parked before.</summary>
    public static string Parked(int parks) => $"parked {(parks == 1 ? "once" : $"{Terminal.Number(parks)} times")} on the way";

    /// <summary>When all is done, for a table; null: nobody knows yet.</summary>
    public static string? Short(DateTimeOffset? end, DateTimeOffset now) => end is { } known ? At(known, now, "HH:mm") : null;

    /// <summary>Records a second.</summary>
    public static string Rate(double rate) => rate >= 10 ? Terminal.Number((long)Math.Round(rate)) : rate.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>How long from now: 85 s, 12 min, 3 h 05 min, 2 d 21 h.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 119.5 } => $"{Math.Max(0, Math.Round(span.TotalSeconds))} s",
        { TotalMinutes: < 59.5 } => $"{Math.Round(span.TotalMinutes)} min",
        { TotalHours: < 24 } => $"{(int)span.TotalHours} h {span.Minutes:00} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    private static string At(DateTimeOffset end, DateTimeOffset now, string format)
    {
        var time = end.UtcDateTime.ToString(end - now < TimeSpan.FromDays(1) ? format : "yyyy-MM-dd " + format, CultureInfo.InvariantCulture);
        return $"{time} (in {Span(end - now)})";
    }
}
