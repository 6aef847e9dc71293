using Tidemark.Destinations;
using Tidemark.Runs;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is known of a stream over many looks: how fast its scan goes, when it will end, and how wrong that was. Pure; its memory does not grow.</summary>
internal sealed class StreamWatch
{
    /// <summary>Forecasts count from here on: before, a scan has shown too little.</summary>
    private const double FirstForecast = 0.2;

    // A database may keep time to the microsecond only.
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(1);

    private ScanProgress? _first;
    private ScanProgress? _last;
    private TimeSpan _firstAt;
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
    public StreamLook Take(ObservedStream stream, DateTimeOffset at, TimeSpan elapsed)
    {
        var scan = ScanProgress.Of(stream.Checkpoint);
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
        var expected = scan?.Mode == RunMode.Incremental || stream.Checkpoint.LastFullRead is 0 ? null : stream.Checkpoint.LastFullRead;
        var look = new StreamLook
        {
            Stream = stream.Stream,
            Holder = stream.Holder is { } holder ? LeaseOwner.ForPeople(holder) : null,
            Scan = scan,
            Expected = scan is null ? null : expected,
            Rate = rate,
            FinishAt = scan is null ? null : Forecast(scan, expected, at, elapsed),
            Watermark = stream.Checkpoint.Watermark,
            LastSuccess = stream.Checkpoint.LastSuccess,
        };
        if (look is { FinishAt: { } finish, Progress: >= FirstForecast })
            (_earliest, _latest) = (_earliest < finish ? _earliest : finish, _latest > finish ? _latest : finish);
        return look;
    }

    private void Begin(ScanProgress scan, TimeSpan elapsed)
    {
        (_first, _last, _firstAt, _lastAt) = (scan, scan, elapsed, elapsed);
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

    private DateTimeOffset? Forecast(ScanProgress scan, long? expected, DateTimeOffset at, TimeSpan elapsed)
    {
        var (records, seconds) = (scan.Read - _first!.Read, (elapsed - _firstAt).TotalSeconds);
        return records > 0 && expected > scan.Read ? at + TimeSpan.FromSeconds((expected.Value - scan.Read) * seconds / records) : null;
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
        (_first, _last, _earliest, _latest) = (null, null, null, null);
    }
}
