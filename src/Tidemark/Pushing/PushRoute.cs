using Tidemark.Destinations;

namespace Tidemark.Pushing;

/// <summary>A table that records go to.</summary>
/// <param name="Target">The table; it merges or appends.</param>
/// <param name="When">The top-level field that a record must have, not null, to go here; null: all do.</param>
public sealed record PushRoute(StreamTarget Target, string? When = null);
