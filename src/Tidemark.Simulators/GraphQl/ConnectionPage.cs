using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.GraphQl;

/// <summary>A page of a connection, before the selection decides what of it is sent.</summary>
internal sealed record ConnectionPage(
    ArraySegment<SimulatedRecord> Records,
    SortOrder Order,
    int TotalCount,
    bool HasPrevious,
    bool HasNext,
    bool HidesEndCursor)
{
    public string? StartCursor => Records.Count == 0 ? null : CursorOf(Records[0]);

    public string? EndCursor => Records.Count == 0 || HidesEndCursor ? null : CursorOf(Records[^1]);

    public string CursorOf(SimulatedRecord record) => KeysetCursor.At(Order, record).Encode();
}
