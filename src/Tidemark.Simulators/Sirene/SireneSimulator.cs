using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Sirene;

/// <summary>INSEE's register of companies: the communes of France as legal units with their seats, and generated companies beyond.</summary>
internal sealed class SireneSimulator : ISimulator
{
    private const int MostScale = 1000;

    private const string Kind = "siret";

    private readonly SimulatorOptions _options;
    private readonly StampClock _clock;
    private readonly SeatMaker _maker;
    private readonly SeatTable _seats = new();
    private readonly CursorWalks _walks = new();

    // Taken by everything that changes establishments.
    private readonly Lock _changing = new();
    private Random _random = new(0);

    /// <exception cref="ArgumentException">The scale is too large.</exception>
    public SireneSimulator(SimulatorOptions options, StampClock clock)
    {
        if (options.Scale > MostScale)
            throw new ArgumentException($"scale is {options.Scale}; at most {MostScale} is expected");
        _options = options;
        _clock = clock;
        _maker = new SeatMaker(options.Seed);
        Plant();
    }

    public IReadOnlyList<string> Kinds { get; } = [Kind];

    public bool AnswersGraphQlErrors => false;

    public bool CursorsExpire => true;

    public int UsualLimit => 30;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(SiretRoute.Path, new SiretRoute(_seats, _maker, _walks, _options.ApiKey).AnswerAsync);

    public ValueTask DescribeAsync(HttpContext context, SimulatedCall call)
    {
        if (string.Equals(context.Request.Path.Value, SiretRoute.Path, StringComparison.Ordinal))
        {
            call.List += " " + context.Request.Query["q"];
            call.Query = new AskedCodes(context.Request.Query["q"].ToString());
            call.Kinds = Kinds;
        }

        return ValueTask.CompletedTask;
    }

    public void Reset()
    {
        lock (_changing)
            Plant();
        _walks.Clear();
    }

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to)
    {
        var (updates, inserts) = to switch
        {
            AdvanceTo.Day => (120, 30),
            AdvanceTo.Quiet => (20, 5),
            _ => (60, 15),
        };
        lock (_changing)
        {
            var updated = Pick(updates);
            var changed = updated.Select(Touched).Concat(Enumerable.Range(_seats.Rows.Count, inserts).Select(Inserted)).ToArray();
            _seats.Put(changed);

            using var writer = new SeatWriter(_maker);
            return [.. changed.Select((change, i) => new SimulatedChange(
                Kind, i < updates ? ChangeOperation.Update : ChangeOperation.Insert, writer.Write(change.Ordinal, change.Row)))];
        }
    }

    public void Mutate(string kind)
    {
        lock (_changing)
        {
            var picked = Pick(2);
            _seats.Put([Inserted(_seats.Rows.Count), Touched(picked[0]), (picked[1], _seats.Rows[picked[1]] with { Version = -1 })]);
        }
    }

    public void Grow(string kind)
    {
        lock (_changing)
            _seats.Put([Inserted(_seats.Rows.Count)]);
    }

    public IEnumerable<SimulatedRecord> Records(string kind)
    {
        using var writer = new SeatWriter(_maker);
        var rows = _seats.Rows;
        for (var ordinal = 0; ordinal < rows.Count; ordinal++)
        {
            if (!rows[ordinal].IsDeleted)
                yield return writer.Write(ordinal, rows[ordinal]);
        }
    }

    private void Plant()
    {
        _random = new Random(_options.Seed + 1);
        var rows = new SeatRow[_maker.Communes * _options.Scale];
        var last = _clock.Start.AddMinutes(-2).ToUnixTimeMilliseconds();
        for (var ordinal = 0; ordinal < rows.Length; ordinal++)
        {
            // A prime larger than any count of rows: each age comes once.
            var age = ordinal * 1_000_000_007L % rows.Length;
            rows[ordinal] = new SeatRow(last - (700 * age), _maker.PlaceOf(ordinal), 0);
        }

        _seats.Load(rows);
    }

    private (int Ordinal, SeatRow Row) Touched(int ordinal)
    {
        var row = _seats.Rows[ordinal];
        return (ordinal, row with { TreatedAt = Stamp(), Version = row.Version + 1 });
    }

    private (int Ordinal, SeatRow Row) Inserted(int ordinal) => (ordinal, new SeatRow(Stamp(), _maker.PlaceOf(ordinal), 0));

    private long Stamp() => _clock.Next().ToUnixTimeMilliseconds();

    /// <summary>Different ones that are there and have a SIRET: without one, a change could not be told from a new record.</summary>
    private List<int> Pick(int count)
    {
        var rows = _seats.Rows;
        var picked = new HashSet<int>();
        while (picked.Count < count)
        {
            var ordinal = _random.Next(rows.Count);
            if (!rows[ordinal].IsDeleted && _maker.HasSiren(ordinal))
                picked.Add(ordinal);
        }

        return [.. picked];
    }
}
