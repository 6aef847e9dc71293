using Tidemark.Planning;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Plans;

/// <summary>What a stream's run has shown of itself so far.</summary>
/// <param name="Speeds">How fast it is.</param>
/// <param name="Kept">Questions about records that are left whose answer is there, kept from before or just asked.</param>
/// <param name="PageLength">Records of a full page, as seen; null: none was.</param>
internal sealed record RunningStream(MeasuredSpeeds Speeds, long Kept, int? PageLength)
{
    /// <summary>Calls of a run count from here on: the first ones make connections.</summary>
    private const int Enough = 3;

    /// <summary>What its counters and its track say.</summary>
    /// <param name="now">Where it stands.</param>
    /// <param name="counters">What it has counted.</param>
    /// <param name="keptBefore">Answers that were kept about its records when it began.</param>
    public static RunningStream Of(StreamNow now, StreamCounters counters, long keptBefore)
    {
        // Answered, but not written yet.
        var ahead = Math.Max(0, counters[Counter.Enriched] + counters[Counter.EnrichKept] - counters[Counter.Read]);
        return new RunningStream(MeasuredSpeeds.OfRunning(c => counters[c]), Math.Max(0, keptBefore - counters[Counter.EnrichKept]) + ahead, now.PageLength);
    }

    /// <summary>How fast it is, or was before it had shown enough.</summary>
    public MeasuredSpeeds SpeedsWith(MeasuredSpeeds before) => Speeds.Seen.Calls >= Enough || before.Latency is null ? Speeds.Or(before) : before.Or(Speeds);
}
