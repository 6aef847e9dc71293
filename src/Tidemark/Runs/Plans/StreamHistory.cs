using Tidemark.Planning;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Plans;

/// <summary>What earlier runs of a stream have shown.</summary>
internal sealed record StreamHistory
{
    /// <summary>How many incremental runs are looked at.</summary>
    private const int Recent = 5;

    /// <summary>How fast it was, newest first.</summary>
    public required MeasuredSpeeds Speeds { get; init; }

    /// <summary>When the run began that the speeds of calls come from; null: there is none.</summary>
    public DateTimeOffset? SpeedsOf { get; init; }

    /// <summary>A whole reading in one run: its pages and records; null: there was none.</summary>
    public (long Pages, long Records)? Whole { get; init; }

    /// <summary>Records and pages of the latest incremental runs.</summary>
    public IReadOnlyList<(long Records, long Pages)> Incremental { get; init; } = [];

    /// <summary>What a call cost, as the server said; null: it was not seen.</summary>
    public double? Cost { get; init; }

    /// <summary>Reads it out of reports, newest first.</summary>
    public static StreamHistory Of(StreamDefinition stream, IReadOnlyList<RunReport> runs)
    {
        var reports = runs.SelectMany(r => r.Streams.Where(s => s.Stream == stream.Name && !s.Skipped).Select(s => (r.StartedAt, Report: s))).ToList();
        var speeds = reports.Aggregate(MeasuredSpeeds.None, (known, r) => known.Or(MeasuredSpeeds.Of(c => r.Report.Counts[c])));
        var ended = reports.Where(r => r.Report.Status is RunStatus.Succeeded or RunStatus.Partial && r.Report.Error is null).Select(r => r.Report).ToList();
        return new StreamHistory
        {
            Speeds = speeds,
            SpeedsOf = reports.Where(r => r.Report.Counts[Counter.RequestMs] > 0 || r.Report.Counts[Counter.ReadMs] > 0).Select(r => (DateTimeOffset?)r.StartedAt).FirstOrDefault(),
            // Of a scan that took several runs the last one has read but a part, as its pages show. Slices have a page more each.
            Whole = stream.Slices is not null ? null : ended.Where(r => r.Mode != RunMode.Incremental && r.Counts[Counter.Pages] > 0).Select(r => ((long, long)?)(r.Counts[Counter.Pages], All(r))).FirstOrDefault(),
            Incremental = [.. ended.Where(r => r.Mode == RunMode.Incremental && r.Counts[Counter.Pages] > 0).Take(Recent).Select(r => (All(r), r.Counts[Counter.Pages]))],
            Cost = reports.Where(r => r.Report.Counts[Counter.Requests] > 0 && r.Report.Counts[Counter.EnrichRequests] == 0)
                .Select(r => (double?)r.Report.Counts[Counter.Cost] / r.Report.Counts[Counter.Requests]).FirstOrDefault(),
        };
    }

    private static long All(StreamReport report) => report.Counts[Counter.Read] + report.Counts[Counter.Duplicates];
}
