namespace Tidemark.Saving;

/// <summary>An item that was not written; the others of its batch were.</summary>
/// <param name="Number">Its number: the one that it was added with, else how many had been added with it.</param>
/// <param name="Payload">Its JSON as it arrived, not always valid UTF-8.</param>
/// <param name="Reason">What was found, what was expected.</param>
public sealed record RejectedItem(long Number, ReadOnlyMemory<byte> Payload, string Reason);
