namespace Tidemark.Runs;

/// <summary>When a server runs a stream by itself: <see cref="Every"/> or <see cref="Cron"/>. A run that somebody starts does not look at it.</summary>
public sealed record StreamSchedule
{
    /// <summary>How long from one start to the next, at least a second; the first run is at the server's start. Null: <see cref="Cron"/> tells.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>A cron expression in Quartz's form, with seconds: <c>0 */15 * * * ?</c>. Null: <see cref="Every"/> tells.</summary>
    public string? Cron { get; init; }

    /// <summary>The time zone that the cron expression is read in, an IANA name. Default: UTC.</summary>
    public string TimeZone { get; init; } = "UTC";
}
