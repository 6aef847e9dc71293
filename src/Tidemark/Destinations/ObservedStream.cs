using Tidemark.Checkpoints;

namespace Tidemark.Destinations;

/// <summary>A stream as it is committed, and who writes it.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Checkpoint">How far it has come.</param>
/// <param name="Holder">Who holds its lease, the whole text of <see cref="LeaseOwner"/>; null: nobody who lives.</param>
public sealed record ObservedStream(string Stream, Checkpoint Checkpoint, string? Holder);
