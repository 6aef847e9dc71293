using System.Globalization;
using Tidemark.Simulators.Communes;
using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Sirene;

/// <summary>The search for establishments.</summary>
internal sealed class SiretRoute(SeatTable seats, SeatMaker maker, CursorWalks walks, string? apiKey)
{
    public const string Path = "/api-sirene/3.11/siret";

    private const string KeyHeader = "X-INSEE-Api-Key-Integration";

    private const int UsualSize = 20;

    private const int MostSize = 1000;

    private const int LastStart = 10_000;

    public Task AnswerAsync(HttpContext context)
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        if (key.Length == 0 || (apiKey is not null && !string.Equals(key, apiKey, StringComparison.Ordinal)))
            return Answers.ErrorAsync(context, StatusCodes.Status401Unauthorized, $"Invalid API key: header {KeyHeader}.");
        try
        {
            return SearchAsync(context);
        }
        catch (BadQueryException exception)
        {
            return HeaderAsync(context, StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    private Task SearchAsync(HttpContext context)
    {
        var parameters = context.Request.Query;
        var query = SiretQuery.Read(parameters["q"].ToString(), maker);
        var size = (int)CommuneQuery.Number(parameters, "nombre", UsualSize, 1);
        if (size > MostSize)
            throw new BadQueryException($"Le paramètre nombre doit être compris entre 1 et {MostSize}; it is {size}.");
        var start = CommuneQuery.Number(parameters, "debut", 0, 0);
        if (start > LastStart)
            throw new BadQueryException($"Le paramètre debut ne peut dépasser {LastStart}; it is {start}: use curseur.");

        var asked = parameters["curseur"].ToString();
        if (asked.Length > 0 && start > 0)
            throw new BadQueryException("Les paramètres curseur et debut ne peuvent être utilisés ensemble.");

        var fault = SimulatedCall.Of(context).PageFault;
        var cursor = asked.Length > 0 ? Follow(asked, query, fault) : default;
        var view = seats.View(query);
        if (view.Count == 0 || start >= view.Count)
            return HeaderAsync(context, StatusCodes.Status404NotFound, $"Aucun élément trouvé pour q={query.Text}");

        var page = view.Page(asked.Length > 0 ? view.IndexAfter(cursor.After) : (int)start, fault == PageFault.Empty ? 0 : size);
        var next = page.Count == 0 ? asked : (cursor with { After = page[^1].Ordinal }).Encode();
        var cursors = asked.Length == 0 ? ""
            : fault == PageFault.NullCursor ? $",\"curseur\":\"{asked}\",\"curseurSuivant\":null"
            : $",\"curseur\":\"{asked}\",\"curseurSuivant\":\"{next}\"";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"header":{"statut":200,"message":"OK","total":{{view.Count}},"debut":{{start}},"nombre":{{page.Count}}{{cursors}}},"etablissements":[""");
        return RecordsAnswer.SendAsync(context, head, Write(page), "]}");
    }

    private SiretCursor Follow(string asked, SiretQuery query, PageFault fault)
    {
        var mark = SiretCursor.MarkOf(query);
        var isBeginning = string.Equals(asked, SiretCursor.Beginning, StringComparison.Ordinal);
        var cursor = new SiretCursor(0, -1, mark);
        if (isBeginning)
            cursor = cursor with { Walk = walks.Begin() };
        else if (!SiretCursor.TryDecode(asked, out cursor) || !string.Equals(cursor.Query, mark, StringComparison.Ordinal))
            throw new BadQueryException("Le paramètre curseur n'est pas valide pour cette requête.");

        if (fault == PageFault.ExpiredCursor)
            walks.Expire(cursor.Walk);
        // The first page is still answered; what it leads to is not.
        if (!isBeginning && walks.IsExpired(cursor.Walk))
            throw new BadQueryException("Le curseur a expiré; recommencez avec curseur=*.");
        return cursor;
    }

    private SimulatedRecord[] Write(List<(int Ordinal, SeatRow Row)> page)
    {
        using var writer = new SeatWriter(maker);
        return [.. page.Select(seat => writer.Write(seat.Ordinal, seat.Row))];
    }

    private static Task HeaderAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return Answers.JsonAsync(context, new { header = new { statut = status, message } });
    }
}
