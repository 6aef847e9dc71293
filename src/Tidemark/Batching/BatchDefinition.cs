namespace Tidemark.Batching;

/// <summary>When a batch is closed and written: at whichever bound is reached first.</summary>
public sealed record BatchDefinition
{
    /// <summary>Records that make a batch where nothing is set.</summary>
    public const int DefaultCount = 5000;

    /// <summary>Bytes of records that make a batch where nothing is set.</summary>
    public const long DefaultByteSize = 4 << 20;

    /// <summary>Bytes of records that a batch grows to while the one before is still being written: what fits an array of 8 MiB together with the next record.</summary>
    public const long BusyByteSize = 7 << 20;

    /// <summary>
    /// Records, 1 to 1 000 000. Null, the default: <see cref="DefaultCount"/>, but while the batch before is still being written, it goes on filling up to
    /// <see cref="ByteSize"/>: a database that is slower than the source gets fewer and larger transactions.
    /// </summary>
    public int? Count { get; init; }

    /// <summary>
    /// Bytes of records as they arrived. Null, the default: <see cref="DefaultByteSize"/>, but up to <see cref="BusyByteSize"/> while the batch before is still being written. A
    /// single larger record makes a batch of its own.
    /// </summary>
    public long? ByteSize { get; init; }

    /// <summary>Age of the oldest record in it; default 5 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(5);
}
