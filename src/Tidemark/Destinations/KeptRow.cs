namespace Tidemark.Destinations;

/// <summary>A row of a table of kept answers.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value, UTF-8 JSON.</param>
/// <param name="CreatedAt">When it was bought.</param>
/// <param name="ExpiresAt">Until when it is fresh.</param>
/// <param name="HitCount">How often it was served, as far as that was written.</param>
public sealed record KeptRow(string Key, ReadOnlyMemory<byte> Value, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, long HitCount);
