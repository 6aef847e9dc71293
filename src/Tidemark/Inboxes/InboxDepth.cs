namespace Tidemark.Inboxes;

/// <summary>What waits in an inbox of one stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Batches">Posts.</param>
/// <param name="Records">Records of these; a batch counts whole until its last part is delivered.</param>
/// <param name="Bytes">Bytes that they take, those that are still arriving included.</param>
/// <param name="Oldest">When the first of them was accepted.</param>
public sealed record InboxDepth(string Stream, long Batches, long Records, long Bytes, DateTimeOffset? Oldest);
