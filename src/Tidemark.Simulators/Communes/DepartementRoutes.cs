using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>Parents and their children.</summary>
internal sealed class DepartementRoutes(RecordTable communes, RecordTable departements)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/departements", context =>
        {
            var view = departements.View(CommuneQuery.ByCode);
            return RecordsAnswer.ArrayAsync(context, view.Page(0, view.Count));
        });
        routes.MapGet("/departements/{code}/communes", ChildrenAsync);
    }

    private Task ChildrenAsync(HttpContext context)
    {
        var code = (string)context.Request.RouteValues["code"]!;
        if (!departements.All.Any(departement => string.Equals(departement.Id, code, StringComparison.Ordinal)))
            return Answers.ErrorAsync(context, StatusCodes.Status404NotFound, $"Unknown departement '{code}'.");
        var view = communes.View(CommuneQuery.ByCode, new KeyFilter(CommuneData.Departement, FilterOperation.Equal, code));
        return RecordsAnswer.ArrayAsync(context, view.Page(0, view.Count));
    }
}
