namespace Tidemark.Sources.Files;

/// <summary>What a stream asks of standard input: nothing.</summary>
public sealed record StdinRequest : StreamRequest;
