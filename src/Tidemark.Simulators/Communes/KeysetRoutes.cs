using System.Globalization;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>The styles that continue after a record, and stay exact while records come and go.</summary>
internal sealed class KeysetRoutes(RecordTable table)
{
    /// <summary>The page whose next link leads to itself.</summary>
    private const int LoopingPage = 3;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/communes/cursor", CredentialCheck.Queries(CursorAsync));
        routes.MapGet("/communes/curseur", CredentialCheck.Queries(CurseurAsync));
        routes.MapGet("/communes/next", CredentialCheck.Queries(NextAsync));
        routes.MapGet("/communes/link", CredentialCheck.Queries(LinkAsync));
        routes.MapGet("/communes/loop", CredentialCheck.Queries(LoopAsync));
    }

    private Task CursorAsync(HttpContext context)
    {
        var page = Read(context);
        return RecordsAnswer.SendAsync(context, """{"communes":[""", page.Records, $"],\"next_cursor\":{Quoted(page.Next)}}}");
    }

    /// <summary>As Sirene does: after the last record one more call finds nothing, and gives its own cursor back.</summary>
    private Task CurseurAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var asked = query["curseur"].ToString() is { Length: > 0 } given ? given : "*";
        var page = KeysetPage.Read(context, table, asked, query.ContainsKey("nombre") ? "nombre" : "limit");
        var following = page.Last is null && page.Records.Count > 0 ? null : page.Last ?? asked;
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"header":{"statut":200,"message":"OK","total":{{page.Total}},"nombre":{{page.Records.Count}},"curseur":"{{asked}}","curseurSuivant":{{Quoted(following)}}},"communes":[""");
        return RecordsAnswer.SendAsync(context, head, page.Records, "]}");
    }

    private Task NextAsync(HttpContext context)
    {
        var page = Read(context);
        var next = page.Next is null ? null : Link(context, "cursor", page.Next);
        return RecordsAnswer.SendAsync(context, """{"communes":[""", page.Records, $"],\"next\":{Quoted(next)}}}");
    }

    private Task LinkAsync(HttpContext context)
    {
        var page = Read(context);
        if (page.Next is not null)
            context.Response.Headers.Link = $"<{Link(context, "cursor", page.Next)}>; rel=\"next\"";
        return RecordsAnswer.ArrayAsync(context, page.Records);
    }

    private Task LoopAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var number = CommuneQuery.Number(query, "page", 1, 1);
        var size = CommuneQuery.Size(query, "limit");
        var records = CommuneQuery.View(table, query).Page((number - 1) * size, size);
        var next = Link(context, "page", Math.Min(number + 1, LoopingPage).ToString(CultureInfo.InvariantCulture));
        return RecordsAnswer.SendAsync(context, """{"communes":[""", records, $"],\"next\":{Quoted(next)}}}");
    }

    private KeysetPage Read(HttpContext context) =>
        KeysetPage.Read(context, table, context.Request.Query["cursor"].ToString(), "limit");

    /// <summary>This call's own address with one parameter replaced.</summary>
    private static string Link(HttpContext context, string name, string value)
    {
        var request = context.Request;
        var parameters = request.Query
            .Where(one => !string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase))
            .Select(static one => KeyValuePair.Create(one.Key, (string?)one.Value.ToString()))
            .Append(KeyValuePair.Create(name, (string?)value));
        return $"{request.Scheme}://{request.Host}{request.Path}{QueryString.Create(parameters)}";
    }

    // Cursors and addresses hold no character that JSON escapes.
    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
