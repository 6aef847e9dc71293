namespace Tidemark.Destinations;

/// <summary>What is known of an idempotency key.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Answer">The stored answer, of <see cref="KeyStatus.Done"/>.</param>
public readonly record struct KeyState(KeyStatus Status, ReadOnlyMemory<byte> Answer = default);
