namespace Tidemark.Pushing;

/// <summary>How much a <see cref="Gatherer"/> holds and writes at once.</summary>
public sealed record GathererOptions
{
    /// <summary>Records that may wait, 1 or more; default 50 000. A post that finds nothing waiting is always taken.</summary>
    public int MaxWaitingRecords { get; init; } = 50_000;

    /// <summary>Bytes of posts that may wait; default 64 MiB.</summary>
    public long MaxWaitingBytes { get; init; } = 64 << 20;

    /// <summary>Records of one transaction; default 10 000. A larger post is a transaction of its own.</summary>
    public int MaxRecords { get; init; } = Post.MaxRecords;

    /// <summary>Bytes of posts of one transaction; default 8 MiB.</summary>
    public long MaxBytes { get; init; } = 8 << 20;

    /// <summary>Posts of one transaction, 1 to 500; default 500: each may have an idempotency key.</summary>
    public int MaxPosts { get; init; } = 500;

    /// <summary>Transactions at once; null, the default: as many as the destination finds useful (<see cref="Destinations.IDestination.UsefulSharedWriters"/>).</summary>
    public int? Writers { get; init; }

    /// <summary>When the caller of a post that could not be written for now may come again; default 5 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When the caller of a post may come again whose references can't be looked up, as a table is missing; default 30 s.</summary>
    public TimeSpan NotReadyRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often answers whose time is over are deleted; default 1 min.</summary>
    public TimeSpan PurgeEvery { get; init; } = TimeSpan.FromMinutes(1);
}
