using Tidemark.Checkpoints;
using Tidemark.Slices;

namespace Tidemark.Reports;

/// <summary>How a stream stands.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Destination">The name of its destination.</param>
/// <param name="Checkpoint">How far it is copied; null: its destination could not be asked.</param>
/// <param name="Holder">Who is writing it now, for people; null: nobody.</param>
/// <param name="Slices">How far its slices have come; null: it has none.</param>
public sealed record StreamStatus(string Stream, string Destination, Checkpoint? Checkpoint, string? Holder, SliceStatistics? Slices);
