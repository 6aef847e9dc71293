using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>Decides when an open batch is closed.</summary>
/// <param name="definition">The bounds.</param>
public sealed class BatchBounds(BatchDefinition definition)
{
    /// <summary>True if the batch holds as much as it may.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isBusy">True while the batch before is being written: this one would only wait.</param>
    public bool IsFull(RecordBatch batch, bool isBusy) =>
        batch.Count >= (definition.Count ?? (isBusy ? int.MaxValue : BatchDefinition.DefaultCount)) || batch.ByteSize >= SizeWhere(isBusy);

    /// <summary>True if a record would make the batch larger than it may be; a batch without records takes any.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="recordSize">Bytes of the record.</param>
    /// <param name="isBusy">True while the batch before is being written.</param>
    public bool WouldOverflow(RecordBatch batch, int recordSize, bool isBusy) => batch.Count > 0 && batch.ByteSize + recordSize > SizeWhere(isBusy);

    /// <summary>How long until a batch is due that has been open for a while.</summary>
    /// <param name="age">How long it has been open.</param>
    public TimeSpan Remaining(TimeSpan age) => age >= definition.Period ? TimeSpan.Zero : definition.Period - age;

    private long SizeWhere(bool isBusy) => definition.ByteSize ?? (isBusy ? BatchDefinition.BusyByteSize : BatchDefinition.DefaultByteSize);
}
