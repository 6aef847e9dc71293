using System.Globalization;
using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>The styles that count: pages, offsets, and everything at once.</summary>
internal sealed class NumberedRoutes(RecordTable table)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/communes/page", CredentialCheck.Queries(PageAsync));
        routes.MapGet("/communes/offset", CredentialCheck.Queries(OffsetAsync));
        routes.MapGet("/communes/bare", CredentialCheck.Queries(BareAsync));
        routes.MapGet("/communes/endless", CredentialCheck.Queries(EndlessAsync));
        routes.MapGet("/communes/all", CredentialCheck.Queries(AllAsync));
    }

    private Task PageAsync(HttpContext context)
    {
        var (view, page, size) = Numbered(context);
        var head = string.Create(CultureInfo.InvariantCulture, $$"""{"total":{{view.Count}},"page":{{page}},"communes":[""");
        return RecordsAnswer.SendAsync(context, head, Take(context, view, (page - 1) * size, size), "]}");
    }

    private Task OffsetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var view = CommuneQuery.View(table, query);
        var records = Take(context, view, CommuneQuery.Number(query, "offset", 0, 0), CommuneQuery.Size(query, "limit"));
        var head = string.Create(CultureInfo.InvariantCulture, $$"""{"total":{{view.Count}},"communes":[""");
        return RecordsAnswer.SendAsync(context, head, records, "]}");
    }

    private Task BareAsync(HttpContext context)
    {
        var (view, page, size) = Numbered(context);
        return RecordsAnswer.ArrayAsync(context, Take(context, view, (page - 1) * size, size));
    }

    /// <summary>An API that never says that it has ended: beyond the last page it gives the last page.</summary>
    private Task EndlessAsync(HttpContext context)
    {
        var (view, page, size) = Numbered(context);
        var last = Math.Max(1, (view.Count + size - 1) / size);
        var records = Take(context, view, (Math.Min(page, last) - 1) * size, size);
        var head = string.Create(CultureInfo.InvariantCulture, $$"""{"page":{{page}},"communes":[""");
        return RecordsAnswer.SendAsync(context, head, records, "]}");
    }

    private Task AllAsync(HttpContext context)
    {
        var view = CommuneQuery.View(table, context.Request.Query);
        return RecordsAnswer.ArrayAsync(context, Take(context, view, 0, view.Count));
    }

    private (RecordView View, long Page, int Size) Numbered(HttpContext context)
    {
        var query = context.Request.Query;
        return (CommuneQuery.View(table, query), CommuneQuery.Number(query, "page", 1, 1), CommuneQuery.Size(query, "per_page"));
    }

    private static ArraySegment<SimulatedRecord> Take(HttpContext context, RecordView view, long start, int size) =>
        view.Page(start, SimulatedCall.Of(context).PageFault == PageFault.Empty ? 0 : size);
}
