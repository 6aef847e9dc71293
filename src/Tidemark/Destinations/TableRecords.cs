using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>Some records for one table.</summary>
/// <param name="Target">Which of the writer's targets, from 0.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Start">The first record.</param>
/// <param name="Count">How many.</param>
public readonly record struct TableRecords(int Target, RecordBatch Batch, int Start, int Count)
{
    /// <summary>A whole batch.</summary>
    /// <param name="target">Which of the writer's targets, from 0.</param>
    /// <param name="batch">The batch.</param>
    public TableRecords(int target, RecordBatch batch)
        : this(target, batch, 0, batch.Count)
    {
    }
}
