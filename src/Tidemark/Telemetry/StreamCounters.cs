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

    /// <summary>Measures a call to the source that has ended, well or not.</summary>
    /// <param name="status">The status code; null: there was no whole answer.</param>
    /// <param name="took">From sending it until its body was read.</param>
    public void EndRequest(int? status, TimeSpan took)
    {
        if (Labels is { } measured) TidemarkMeter.EndRequest(status, took, measured);
    }

    /// <summary>How many so far.</summary>
    /// <param name="counter">Of what.</param>
    public long this[Counter counter] => Interlocked.Read(ref _values[(int)counter]);

    /// <summary>Measures a batch that is on disk.</summary>
    internal void EndBatch(long records, TimeSpan took)
    {
        if (Labels is { } measured) TidemarkMeter.EndBatch(records, took, measured);
    }
}
