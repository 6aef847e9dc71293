using Tidemark.Telemetry;

namespace Tidemark.Http.Wire;

/// <summary>For whom a message is sent.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Counters">Where what is sent, spent and waited is counted.</param>
/// <param name="Priority">Its calls pass the quota before those of a lower priority.</param>
internal sealed record CallOwner(string Stream, StreamCounters Counters, int Priority = 0)
{
    /// <summary>What a message is expected to cost; null: what the source says.</summary>
    public double? Cost { get; init; }
}
