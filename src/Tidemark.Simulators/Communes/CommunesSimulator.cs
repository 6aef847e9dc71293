using System.Globalization;
using System.Text;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>The communes of France, paged in every style.</summary>
internal sealed class CommunesSimulator : ISimulator
{
    private const string GraphQlPath = "/communes/graphql";

    private static readonly ObjectType Node = new(
        "Commune", "code", "nom", "typeLiaison", "zone", "arrondissement", "departement", "region", "type", "rangChefLieu", "siren",
        "codesPostaux", "anciensCodes", "population", "updated_at");

    private readonly SimulatorOptions _options;
    private readonly StampClock _clock;
    private readonly RecordTable _communes = new();
    private readonly RecordTable _departements = new();
    private readonly TokenStore _tokens;

    // Taken by everything that changes records.
    private readonly Lock _changing = new();
    private Random _random = new(0);
    private int _inserted;

    public CommunesSimulator(SimulatorOptions options, StampClock clock)
    {
        _options = options;
        _clock = clock;
        _tokens = new TokenStore(options.Time);
        Plant();
    }

    public IReadOnlyList<string> Kinds { get; } = ["communes", "departements"];

    public bool AnswersGraphQlErrors => false;

    public void Map(IEndpointRouteBuilder routes)
    {
        new NumberedRoutes(_communes).Map(routes);
        new KeysetRoutes(_communes).Map(routes);
        new DepartementRoutes(_communes, _departements).Map(routes);
        new SecureRoutes(_communes, _tokens).Map(routes);
        routes.MapPost(GraphQlPath, new GraphQlEndpoint([ToConnection()], costs: null).AnswerAsync);
    }

    public async ValueTask DescribeAsync(HttpContext context, SimulatedCall call)
    {
        if (context.Request.Path.Value is not { } path)
            return;
        if (HttpMethods.IsPost(context.Request.Method) && string.Equals(path, GraphQlPath, StringComparison.Ordinal))
            call.Query = await ReceivedQuery.ReadAsync(context.Request);
        if (!path.StartsWith("/oauth", StringComparison.Ordinal) && !string.Equals(path, "/departements", StringComparison.Ordinal))
            call.Kinds = ["communes"];
    }

    public void Reset()
    {
        lock (_changing)
            Plant();
        _tokens.ExpireAll();
    }

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to)
    {
        var count = to switch
        {
            Hosting.AdvanceTo.Day => 62,
            Hosting.AdvanceTo.Quiet => 15,
            _ => 42,
        };
        lock (_changing)
        {
            var chosen = new HashSet<SimulatedRecord>();
            while (chosen.Count < count)
                chosen.Add(Pick());
            var changes = chosen
                .Select(record => new SimulatedChange("communes", ChangeOperation.Update, CommuneData.Grown(record, _clock.Next())))
                .ToList();
            _communes.Apply([.. changes.Select(static change => change.Record)]);
            return changes;
        }
    }

    public void Mutate(string kind)
    {
        lock (_changing)
        {
            var (model, updated, deleted) = (Pick(), Pick(), Pick());
            while (ReferenceEquals(updated, deleted))
                deleted = Pick();
            _communes.Apply([Inserted(model), CommuneData.Grown(updated, _clock.Next())], deleted.Id);
        }
    }

    public void Grow(string kind)
    {
        lock (_changing)
            _communes.Apply([Inserted(Pick())]);
    }

    public IEnumerable<SimulatedRecord> Records(string kind) => kind is "communes" ? _communes.All : _departements.All;

    private Connection ToConnection() => new(
        "allCommunes",
        Node,
        _communes,
        [
            new SortOrder("CODE_ASC", -1, false),
            new SortOrder("UPDATED_AT_ASC", CommuneData.UpdatedAt, false),
            new SortOrder("UPDATED_AT_DESC", CommuneData.UpdatedAt, true),
        ],
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal)
        {
            ["updatedAtGte"] = (CommuneData.UpdatedAt, FilterOperation.AtLeast),
            ["departement"] = (CommuneData.Departement, FilterOperation.Equal),
        })
    {
        MostRecords = 1000,
    };

    private void Plant()
    {
        _random = new Random(_options.Seed + 1);
        _inserted = 0;
        var records = CommuneData.Seed(_options, _clock.Start);
        _communes.Load(records);
        _departements.Load(records
            .Select(static record => record.Key(CommuneData.Departement))
            .Distinct(StringComparer.Ordinal)
            .Select(static code => new SimulatedRecord(code, Encoding.UTF8.GetBytes($$"""{"code":"{{code}}"}"""), [])));
    }

    private SimulatedRecord Inserted(SimulatedRecord model) =>
        CommuneData.Copied(model, string.Create(CultureInfo.InvariantCulture, $"+{++_inserted}"), _clock.Next());

    private SimulatedRecord Pick()
    {
        SimulatedRecord picked;
        do
        {
            picked = _communes.All[_random.Next(_communes.All.Count)];
        }
        while (!CommuneData.HasPopulation(picked));
        return picked;
    }
}
