namespace Tidemark.Serving;

/// <summary>What the web server of a pipeline takes, as the user described it. All of it bounds what one caller can cost.</summary>
public sealed record ServerDefinition
{
    /// <summary>Bytes of a body as it arrives, packed or not; default 1 GiB.</summary>
    public long MaxBodySize { get; init; } = 1L << 30;

    /// <summary>Bytes of a body when it is unpacked; default 4 GiB.</summary>
    public long MaxUnpackedSize { get; init; } = 4L << 30;

    /// <summary>How many times larger a body may become when it is unpacked, at least 1; default 200. The first MiB is not judged.</summary>
    public long MaxRatio { get; init; } = 200;

    /// <summary>Records of a post, at least 1; default 10 million.</summary>
    public long MaxRecords { get; init; } = 10_000_000;

    /// <summary>Bytes of one record; default 8 MiB. A larger one is rejected alone.</summary>
    public long MaxRecordSize { get; init; } = 8 << 20;

    /// <summary>How deep JSON may be nested, 1 to 1000; default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How long a caller may send nothing in the middle of a body; default 30 s.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of posts that are held at once, those that are being written included; default 64 MiB. Whoever comes then is told to come again (429).</summary>
    public long MaxWaitingSize { get; init; } = 64 << 20;

    /// <summary>Records that wait to be written or are being written; default 50 000. Whoever comes then is told to come again (429).</summary>
    public int MaxWaitingRecords { get; init; } = 50_000;

    /// <summary>Bytes of asynchronous posts that wait on disk; default 1 GiB. Whoever posts so then is told to come again (503).</summary>
    public long MaxInboxSize { get; init; } = 1L << 30;

    /// <summary>How long callers may ask what became of an asynchronous post, from its delivery on, at least a minute; default 24 h.</summary>
    public TimeSpan KeepBatches { get; init; } = TimeSpan.FromHours(24);
}
