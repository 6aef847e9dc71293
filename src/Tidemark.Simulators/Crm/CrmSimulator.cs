using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

/// <summary>Gazelle, the CRM of a piano technician: GraphQL connections behind a key.</summary>
internal sealed class CrmSimulator : ISimulator
{
    private const string Path = "/graphql/private/";

    private const string Key = "demo-key";

    // Users and clients first: the later kinds refer to them.
    private readonly CrmKind[] _kinds = [new UserKind(), new ClientKind(), new PianoKind(), new AppointmentKind(), new TimelineKind()];
    private readonly SimulatorOptions _options;
    private readonly StampClock _clock;
    private readonly QueryCostBucket? _costs;

    // Taken by everything that changes records.
    private readonly Lock _changing = new();
    private Random _random;
    private CrmWorld _world;

    public CrmSimulator(SimulatorOptions options, StampClock clock)
    {
        _options = options;
        _clock = clock;
        _costs = options.CostThrottling ? new QueryCostBucket(options.Time, options.Interval) : null;
        _world = CrmSeed.Plant(_kinds, options, clock.Start);
        _random = new Random(options.Seed + 1);
    }

    public IReadOnlyList<string> Kinds => [.. _kinds.Select(static kind => kind.Name)];

    public bool AnswersGraphQlErrors => true;

    public void Map(IEndpointRouteBuilder routes)
    {
        var endpoint = new GraphQlEndpoint(_kinds.Select(static kind => kind.ToConnection()), _costs);
        routes.MapPost(Path, context =>
            string.Equals(context.Request.Headers["x-gazelle-api-key"], Key, StringComparison.Ordinal)
                ? endpoint.AnswerAsync(context)
                : Answers.ErrorAsync(context, StatusCodes.Status401Unauthorized, "Invalid API key: header x-gazelle-api-key."));
    }

    public async ValueTask DescribeAsync(HttpContext context, SimulatedCall call)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return;
        call.Query = await ReceivedQuery.ReadAsync(context.Request);
        call.List += " " + string.Join(' ', call.Query.RootFields);
        call.Kinds = [.. _kinds.Where(kind => call.Query.RootFields.Contains(kind.Field, StringComparer.Ordinal)).Select(static kind => kind.Name)];
    }

    public void Reset()
    {
        lock (_changing)
        {
            _world = CrmSeed.Plant(_kinds, _options, _clock.Start);
            _random = new Random(_options.Seed + 1);
            _costs?.Fill();
        }
    }

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to)
    {
        lock (_changing)
        {
            var changes = new List<SimulatedChange>();
            foreach (var kind in _kinds)
            {
                var plan = ChangePlan.For(to, kind.Name);
                var before = changes.Count;
                foreach (var record in Choose(kind, plan.Updates))
                    changes.Add(new SimulatedChange(kind.Name, ChangeOperation.Update, Updated(kind, record)));
                for (var i = 0; i < plan.Inserts; i++)
                    changes.Add(new SimulatedChange(kind.Name, ChangeOperation.Insert, Inserted(kind)));
                kind.Table.Apply([.. changes.Skip(before).Select(static change => change.Record)]);
            }

            return changes;
        }
    }

    public void Mutate(string kind)
    {
        var mutated = Find(kind);
        lock (_changing)
        {
            var chosen = Choose(mutated, 2);
            SimulatedRecord[] changed = chosen.Count > 0 ? [Inserted(mutated), Updated(mutated, chosen[0])] : [Inserted(mutated)];
            mutated.Table.Apply(changed, chosen.Count > 1 ? chosen[1].Id : null);
        }
    }

    public void Grow(string kind)
    {
        var grown = Find(kind);
        lock (_changing)
            grown.Table.Apply([Inserted(grown)]);
    }

    public IEnumerable<SimulatedRecord> Records(string kind) => Find(kind).Table.All;

    private CrmKind Find(string name) => _kinds.First(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));

    private List<SimulatedRecord> Choose(CrmKind kind, int count)
    {
        if (count == 0)
            return [];
        var now = _clock.Now();
        var candidates = kind.Table.All.Where(record => kind.CanChange(record, now)).ToArray();
        _random.Shuffle(candidates);
        return [.. candidates.Take(count)];
    }

    private SimulatedRecord Updated(CrmKind kind, SimulatedRecord record)
    {
        var stamp = _clock.Next();
        var changed = JsonObject.Create(record.Data)!;
        kind.Touch(changed, _random, stamp);
        changed["updatedAt"] = Stamps.Text(stamp);
        return kind.ToRecord(changed);
    }

    private SimulatedRecord Inserted(CrmKind kind)
    {
        var stamp = _clock.Next();
        var draft = new CrmDraft(_random.Id(kind.IdPrefix), null, stamp, stamp);
        return kind.ToRecord(kind.Create(_random, _world, draft));
    }
}
