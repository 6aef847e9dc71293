using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>A page after a cursor.</summary>
/// <param name="Records">Its records.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
/// <param name="Last">The cursor after its last record; null when it has none.</param>
/// <param name="Total">How many records there are on all pages.</param>
internal sealed record KeysetPage(ArraySegment<SimulatedRecord> Records, string? Next, string? Last, int Total)
{
    public static KeysetPage Read(HttpContext context, RecordTable table, string cursor, string sizeName)
    {
        var fault = SimulatedCall.Of(context).PageFault;
        var view = CommuneQuery.View(table, context.Request.Query);
        var start = CommuneQuery.Start(view, cursor, "*");
        var records = view.Page(start, fault == PageFault.Empty ? 0 : CommuneQuery.Size(context.Request.Query, sizeName));
        if (records.Count == 0 || fault == PageFault.NullCursor)
            return new KeysetPage(records, null, null, view.Count);
        var last = KeysetCursor.At(view.Order, records[^1]).Encode();
        return new KeysetPage(records, start + records.Count < view.Count ? last : null, last, view.Count);
    }
}
