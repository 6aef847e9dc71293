namespace Tidemark.Destinations;

/// <summary>A waiting record: a parent whose children have not been read.</summary>
/// <param name="Number">Its number, rising.</param>
/// <param name="Json">The record, or some fields of it.</param>
public sealed record QueueItem(long Number, ReadOnlyMemory<byte> Json);
