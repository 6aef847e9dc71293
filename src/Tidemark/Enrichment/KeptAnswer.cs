namespace Tidemark.Enrichment;

/// <summary>An answer that was paid for.</summary>
/// <param name="Id">A hash of what was asked.</param>
/// <param name="Json">The answer.</param>
/// <param name="ExpiresAt">From when on it does not count any more.</param>
public readonly record struct KeptAnswer(string Id, ReadOnlyMemory<byte> Json, DateTimeOffset ExpiresAt);
