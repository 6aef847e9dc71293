using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Slices;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is known of a stream over many looks: how fast its scan goes, when it will end, and how wrong that was. Pure; its memory does not grow.</summary>
internal sealed class StreamWatch
{
    /// <summary>Forecasts count from here on: before, a scan has shown too little.</summary>
    private const double FirstForecast = 0.2;

    // A database may keep time to the microsecond only.
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(1);

    private ScanProgress? _last;
    private TimeSpan _lastAt;

    // Null before the first look.
    private DateTimeOffset? _lookedAt;

    // Of the scan that is watched: the worst forecast is the earliest or the latest of them.
    private DateTimeOffset? _earliest;
    private DateTimeOffset? _latest;

    /// <summary>Records that were committed between looks.</summary>
    public long Records { get; private set; }

    /// <summary>Scans that became complete while they were watched.</summary>
    public int Completed { get; private set; }

    /// <summary>By how much the worst forecast was wrong, as a share of its scan's duration; null: none has come true or not.</summary>
    public double? WorstError { get; private set; }

    /// <summary>Compares a look with the one before.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="finish">What is left of it; null: nobody has foretold it.</param>
    /// <param name="slices">Its slices; null: it has none.</param>
    /// <param name="at">The present.</param>
    /// <param name="elapsed">The same by a clock that nobody sets.</param>
    public StreamLook Take(ObservedStream stream, StreamFinish? finish, SliceStatistics? slices, DateTimeOffset at, TimeSpan elapsed)
    {
        var scan = ScanProgress.Of(stream.Checkpoint);
        // Of slices the stream's own checkpoint does not tell, and the store what those have read that have ended.
        if (scan is not null) scan = scan with { Read = Math.Max(scan.Read, Math.Max(finish?.Read ?? 0, slices?.Read ?? 0)) };
        else finish = null;
        var rate = (double?)null;
        if (scan is not null && _last?.StartedAt == scan.StartedAt && scan.Read >= _last.Read)
        {
            rate = Go(scan, elapsed);
        }
        else
        {
            if (_last is not null) End(stream, at);
            if (scan is not null) Begin(scan, elapsed);
        }
        _lookedAt = at;
        // An incremental scan reads what has changed: nobody knows how much that is.
        var last = scan is null || scan.Mode == RunMode.Incremental || stream.Checkpoint.LastFullRead is 0 ? null : stream.Checkpoint.LastFullRead;
        var look = new StreamLook
        {
            Stream = stream.Stream,
            Holder = stream.Holder is { } holder ? LeaseOwner.ForPeople(holder) : null,
            Scan = scan,
            Read = scan?.Read,
            Expected = finish?.Left is { } left ? finish.Read + left : last,
            Rate = rate,
            Finish = finish,
            Slices = slices,
            Watermark = stream.Checkpoint.Watermark,
            LastSuccess = stream.Checkpoint.LastSuccess,
        };
        // What nobody runs ends when somebody runs it: that is no forecast of when.
        if (look is { FinishAt: { } end, Progress: >= FirstForecast } && stream.Holder is not null)
            (_earliest, _latest) = (_earliest < end ? _earliest : end, _latest > end ? _latest : end);
        return look;
    }

    private void Begin(ScanProgress scan, TimeSpan elapsed)
    {
        (_last, _lastAt) = (scan, elapsed);
        // What it has read already was read since the look before, if it is younger than that.
        if (scan.StartedAt >= _lookedAt) Records += scan.Read;
    }

    private double? Go(ScanProgress scan, TimeSpan elapsed)
    {
        var (records, seconds) = (scan.Read - _last!.Read, (elapsed - _lastAt).TotalSeconds);
        Records += records;
        (_last, _lastAt) = (scan, elapsed);
        return seconds > 0 ? records / seconds : null;
    }

    // The scan that was watched is not there any more: it is complete, or has been given up.
    private void End(ObservedStream stream, DateTimeOffset at)
    {
        if (stream.Checkpoint.LastSuccess is { } success && (success - _last!.StartedAt).Duration() < Same)
        {
            Completed++;
            // An incremental scan does not leave behind how much it read.
            if (_last.Mode != RunMode.Incremental && stream.Checkpoint.LastFullRead is { } all) Records += Math.Max(0, all - _last.Read);
            if (_earliest is { } earliest && _latest is { } latest)
            {
                var wrong = Math.Max((at - earliest).Duration().TotalSeconds, (latest - at).Duration().TotalSeconds);
                WorstError = Math.Max(WorstError ?? 0, wrong / (at - _last.StartedAt).TotalSeconds);
            }
        }
        (_last, _earliest, _latest) = (null, null, null);
    }
}
