namespace Tidemark.Batching;

/// <summary>When a batch is closed and written: at whichever bound is reached first.</summary>
public sealed record BatchDefinition
{
    /// <summary>Records, 1 to 1 000 000; default 5000.</summary>
    public int Count { get; init; } = 5000;

    /// <summary>Bytes of records as they arrived; default 4 MiB. A single larger record makes a batch of its own.</summary>
    public long ByteSize { get; init; } = 4 << 20;

    /// <summary>Age of the oldest record in it; default 5 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(5);
}
