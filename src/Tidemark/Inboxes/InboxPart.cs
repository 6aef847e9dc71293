namespace Tidemark.Inboxes;

/// <summary>A part of a batch in an inbox: what one transaction delivers.</summary>
/// <param name="BatchId">Its batch.</param>
/// <param name="Number">Which part, from 0.</param>
/// <param name="Hash">A hash of its payload, which outlives that.</param>
/// <param name="Records">How many records it has.</param>
public sealed record InboxPart(string BatchId, int Number, ReadOnlyMemory<byte> Hash, int Records)
{
    /// <summary>Where it stands among all parts of its stream: larger than any before, also than those of an inbox that was deleted. 0 until its batch is accepted.</summary>
    public long Position { get; init; }

    /// <summary>What became of it, in the words of whoever delivered it; null: it waits, or nobody knows.</summary>
    public ReadOnlyMemory<byte>? Outcome { get; init; }
}
