namespace Tidemark.Pushing;

/// <summary>What became of a post. Received = inserted + updated + unchanged + duplicates + rejected.</summary>
/// <param name="Status">As a whole.</param>
public sealed record PostAnswer(PostStatus Status)
{
    /// <summary>How many records it had.</summary>
    public int Received { get; init; }

    /// <summary>New rows.</summary>
    public int Inserted { get; init; }

    /// <summary>Rows that changed.</summary>
    public int Updated { get; init; }

    /// <summary>Records that changed nothing: equal to their row, or older than it.</summary>
    public int Unchanged { get; init; }

    /// <summary>Records that another one of the same key, written with it, has overtaken.</summary>
    public int Duplicates { get; init; }

    /// <summary>Records that were not accepted, by index.</summary>
    public IReadOnlyList<RejectedRecord> Rejected { get; init; } = [];

    /// <summary>What was kept under the key of a post that was <see cref="PostStatus.Replayed"/>.</summary>
    public ReadOnlyMemory<byte> Stored { get; init; }

    /// <summary>For people, where nothing was written: what was found, what was expected. No secret in it.</summary>
    public string? Problem { get; init; }

    /// <summary>When to come again, where that may help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
