namespace Tidemark.Destinations;

/// <summary>An answer that is kept with the rows that it tells of.</summary>
/// <param name="Key">Whose it is: one of <see cref="SharedLook.Keys"/> that was <see cref="KeyStatus.New"/>.</param>
/// <param name="Answer">UTF-8, at most 1 MiB.</param>
public sealed record StoredAnswer(IdempotencyKey Key, ReadOnlyMemory<byte> Answer);
