namespace Tidemark.Server.Access;

/// <summary>Who may call a route, said where the route is mapped. A route without it is <see cref="AccessLevel.Admin"/>'s.</summary>
/// <param name="Level">Who.</param>
/// <param name="Path">The path that keys are bound to; it is the configuration's, not the request's, so that no other way of writing a path opens more.</param>
internal sealed record RouteAccess(AccessLevel Level, string Path = "");
