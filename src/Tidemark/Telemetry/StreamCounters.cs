namespace Tidemark.Telemetry;

/// <summary>
/// What a stream has done so far in this run. Its source and its writer count from their own tasks, the display and the report read at any time:
/// each number is exact, several of them are not read at one instant while the stream runs.
/// </summary>
/// <param name="total">Where it is counted as well: the stream, where this is a slice of it. Null: nowhere.</param>
public sealed class StreamCounters(StreamCounters? total = null)
{
    private readonly long[] _values = new long[Enum.GetValues<Counter>().Length];

    /// <summary>Counts.</summary>
    /// <param name="counter">What.</param>
    /// <param name="amount">How many.</param>
    public void Add(Counter counter, long amount = 1)
    {
        Interlocked.Add(ref _values[(int)counter], amount);
        total?.Add(counter, amount);
    }

    /// <summary>How many so far.</summary>
    /// <param name="counter">Of what.</param>
    public long this[Counter counter] => Interlocked.Read(ref _values[(int)counter]);
}
