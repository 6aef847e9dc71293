namespace Tidemark.Telemetry;

/// <summary>
/// What a stream has done so far in this run. Its source and its writer count from their own tasks, the display and the report read at any time:
/// each number is exact, several of them are not read at one instant while the stream runs.
/// </summary>
/// <param name="labels">With labels, what is counted is measured by the meter <c>Tidemark</c> as well; null: it is not.</param>
/// <param name="total">Where it is counted as well: the stream, where this is a slice of it. Null: nowhere.</param>
public sealed class StreamCounters(StreamLabels? labels = null, StreamCounters? total = null)
{
    private readonly long[] _values = new long[Enum.GetValues<Counter>().Length];
    private readonly long[] _ticks = new long[Enum.GetValues<Counter>().Length];
    private readonly Lock _lock = new();
    private int _waiting;
    private long _waitingSince;

    /// <summary>The labels that it is measured under; null: it is not measured.</summary>
    public StreamLabels? Labels => labels ?? total?.Labels;

    /// <summary>Counts. Once a batch, page or call: not once a record.</summary>
    /// <param name="counter">What.</param>
    /// <param name="amount">How many.</param>
    public void Add(Counter counter, long amount = 1)
    {
        Interlocked.Add(ref _values[(int)counter], amount);
        total?.Add(counter, amount);
        if (labels is not null) TidemarkMeter.Count(counter, amount, labels);
    }

    /// <summary>Counts a write that is tried again.</summary>
    internal void RetryWrite()
    {
        Add(Counter.Retries);
        Add(Counter.WriteRetries);
    }

    /// <summary>Adds to a counter of milliseconds; parts of them are kept.</summary>
    /// <param name="counter">Which.</param>
    /// <param name="time">How long.</param>
    public void AddTime(Counter counter, TimeSpan time)
    {
        AddOwnTime(counter, time);
        total?.AddTime(counter, time);
    }

    /// <summary>
    /// Somebody begins to wait because a quota or the server asked for it; who has begun ends it with <see cref="EndWait"/>. However many wait side by side, the time counts once.
    /// </summary>
    /// <param name="time">The clock.</param>
    public void BeginWait(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (WaitsWith ?? total)?.BeginWait(time);
        lock (_lock)
        {
            if (_waiting++ == 0) _waitingSince = time.GetTimestamp();
        }
    }

    /// <summary>Ends a wait.</summary>
    /// <param name="time">The clock.</param>
    public void EndWait(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (WaitsWith ?? total)?.EndWait(time);
        lock (_lock)
        {
            if (--_waiting == 0) AddOwnTime(Counter.ThrottledMs, time.GetElapsedTime(_waitingSince));
        }
    }

    /// <summary>Measures a call to the source that has ended, well or not.</summary>
    /// <param name="status">The status code; null: there was no whole answer.</param>
    /// <param name="took">From sending it until its body was read.</param>
    public void EndRequest(int? status, TimeSpan took)
    {
        AddTime(Counter.RequestMs, took);
        if (Labels is { } measured) TidemarkMeter.EndRequest(status, took, measured);
    }

    /// <summary>How many so far.</summary>
    /// <param name="counter">Of what.</param>
    public long this[Counter counter] => Interlocked.Read(ref _values[(int)counter]) + (Interlocked.Read(ref _ticks[(int)counter]) / TimeSpan.TicksPerMillisecond);

    /// <summary>Whose waits these are as well, where nothing else of it is counted there; null (default): those of the total.</summary>
    internal StreamCounters? WaitsWith { get; init; }

    /// <summary>Measures a batch that is on disk.</summary>
    internal void EndBatch(long records, TimeSpan took)
    {
        if (Labels is { } measured) TidemarkMeter.EndBatch(records, took, measured);
    }

    private void AddOwnTime(Counter counter, TimeSpan time) => Interlocked.Add(ref _ticks[(int)counter], time.Ticks);
}
