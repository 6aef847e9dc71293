namespace Tidemark.Enrichment;

/// <summary>An answer that was paid for.</summary>
/// <param name="Id">A hash of what was asked.</param>
/// <param name="Json">The answer.</param>
/// <param name="ExpiresAt">From when on it does not count any more.</param>
public readonly record struct KeptAnswer(string Id, ReadOnlyMemory<byte> Json, DateTimeOffset ExpiresAt)
{
    /// <summary>The stream that it was asked for last, as <c>pipeline/stream</c>; null: not known.</summary>
    public string? AskedBy { get; init; }
}
