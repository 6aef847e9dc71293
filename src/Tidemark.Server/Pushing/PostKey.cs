namespace Tidemark.Server.Pushing;

/// <summary>The key that a caller gave a post.</summary>
/// <param name="Scope">What it is unique in: pipeline and route.</param>
/// <param name="Key">The key, with its caller's name before it: the same key of two callers is two keys.</param>
internal readonly record struct PostKey(string Scope, string Key);
