namespace Tidemark.Simulators.Records;

/// <summary>The records of one moment that pass a filter, in one order.</summary>
internal sealed class RecordView(SimulatedRecord[] records, SortOrder order)
{
    public int Count => records.Length;

    public SortOrder Order => order;

    public ArraySegment<SimulatedRecord> Page(long start, int size)
    {
        var from = (int)Math.Min(start, records.Length);
        return new ArraySegment<SimulatedRecord>(records, from, Math.Min(size, records.Length - from));
    }

    /// <summary>Where the first record after a cursor lies.</summary>
    public int IndexAfter(in KeysetCursor cursor)
    {
        var (low, high) = (0, records.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var record = records[middle];
            if (order.Compare(record.Key(order.Key), record.Id, cursor.Key, cursor.Id) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
