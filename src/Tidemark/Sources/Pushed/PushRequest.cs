namespace Tidemark.Sources.Pushed;

/// <summary>What a stream asks of those who post: nothing.</summary>
public sealed record PushRequest : StreamRequest;
