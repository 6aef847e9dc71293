namespace Tidemark.Quotas;

/// <summary>The clock of a quota, which all processes share: it follows the ledger's clock, but no setting of that one moves it.</summary>
internal static class QuotaTimeline
{
    /// <summary>What clocks may differ in without one of them having been set.</summary>
    private const long Tolerance = 1_000_000;

    /// <summary>A point in time as the ledger's clock tells it.</summary>
    public static long Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A duration, rounded up: a wait is never too short.</summary>
    public static long Of(TimeSpan span) => (span.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;

    /// <summary>A duration.</summary>
    public static TimeSpan Span(long microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Moves a state to the present.</summary>
    /// <param name="state">The state.</param>
    /// <param name="ledger">The ledger's clock.</param>
    /// <param name="measured">What the quota's clock shows, as this process has measured since it saw it last; null: it has not seen it before.</param>
    public static void MoveTo(QuotaState state, DateTimeOffset ledger, long? measured)
    {
        var there = Of(ledger);
        var now = there + state.Offset;
        // The ledger's clock was set, forward or back: what has passed is what was measured.
        if (measured is { } passed && Math.Abs(now - passed) > Tolerance) now = passed;
        // Without a measure the clock stands for a moment, rather than for as long as it was set back.
        now = Math.Max(now, state.Now);
        (state.Now, state.Offset) = (now, now - there);
    }
}
