namespace Tidemark.Server.Health;

/// <summary>A part that the server needs for its work.</summary>
/// <param name="Name"><c>server</c>, <c>store</c> or <c>destination NAME</c>.</param>
/// <param name="IsReady">False: it can't be reached, or the server is stopping.</param>
internal readonly record struct ReadyPart(string Name, bool IsReady);
