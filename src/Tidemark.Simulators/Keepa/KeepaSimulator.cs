using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Keepa;

/// <summary>A product API that charges tokens, as Keepa does: they come back with time, and each answer says how many are left.</summary>
internal sealed class KeepaSimulator(SimulatorOptions options) : ISimulator
{
    /// <summary>Tokens a minute of the smallest plan.</summary>
    private const int UsualRate = 20;

    /// <summary>Where no quota is wanted: more than anybody spends.</summary>
    private const int AnyRate = 10_000_000;

    private const int MostAsins = 100;
    private const int QueryCost = 10;
    private const int Indexes = 19;

    private readonly Shop _shop = new(options.Seed, options.Scale);
    private readonly TokenPurse _purse = new(options.Limit switch { null => UsualRate, 0 => AnyRate, { } rate => rate }, options.Interval ?? TimeSpan.FromMinutes(1), options.Time);

    public IReadOnlyList<string> Kinds { get; } = ["products"];

    public bool AnswersGraphQlErrors => false;

    public bool HasOwnQuota => true;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/query", QueryAsync);
        routes.MapGet("/product", ProductAsync);
        routes.MapGet("/token", context => SendAsync(context, StatusCodes.Status200OK, _purse.Take(0), 0, static _ => { }));
        routes.MapGet("/_sim/tokens", context => Answers.JsonAsync(context, new { spent = _purse.Spent, left = _purse.Take(0).Left }));
    }

    public ValueTask DescribeAsync(HttpContext context, SimulatedCall call) => ValueTask.CompletedTask;

    public void Reset() => _purse.Clear();

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to) => [];

    public void Mutate(string kind)
    {
    }

    public void Grow(string kind)
    {
    }

    public IEnumerable<SimulatedRecord> Records(string kind) =>
        _shop.All.Select(p => new SimulatedRecord(p.Asin, JsonSerializer.SerializeToUtf8Bytes(new { asin = p.Asin, title = p.Title, category = p.Category, rank = p.Rank, average_rank = p.AverageRank, price = p.Price }), []));

    private Task QueryAsync(HttpContext context)
    {
        if (WrongWith(context) is { } wrong)
            return ErrorAsync(context, StatusCodes.Status400BadRequest, "invalidParameter", wrong);
        Selection selection;
        try
        {
            selection = Selection.Read(context.Request.Query["selection"].ToString());
        }
        catch (FormatException e)
        {
            return ErrorAsync(context, StatusCodes.Status400BadRequest, "invalidParameter", e.Message);
        }

        var (asins, total) = selection.Find(_shop);
        var cost = QueryCost + ((asins.Count + 99) / 100);
        return PaidAsync(context, cost, json =>
        {
            json.WriteStartArray("asinList");
            foreach (var asin in asins)
                json.WriteStringValue(asin);
            json.WriteEndArray();
            json.WriteNumber("totalResults", total);
        });
    }

    private Task ProductAsync(HttpContext context)
    {
        if (WrongWith(context) is { } wrong)
            return ErrorAsync(context, StatusCodes.Status400BadRequest, "invalidParameter", wrong);
        var asins = context.Request.Query["asin"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (asins.Length is 0 or > MostAsins)
            return ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "outOfRange", $"{asins.Length} ASINs; 1 to {MostAsins} are expected");
        return PaidAsync(context, asins.Length, json =>
        {
            json.WriteStartArray("products");
            foreach (var asin in asins)
                Write(json, asin, _shop.Find(asin));
            json.WriteEndArray();
        });
    }

    // What nobody sells has a record as well, without a title and without any number.
    private static void Write(Utf8JsonWriter json, string asin, Product? product)
    {
        json.WriteStartObject();
        json.WriteString("asin", asin);
        json.WriteString("title", product?.Title);
        json.WriteNumber("rootCategory", product?.Category ?? 0);
        json.WriteStartObject("stats");
        WriteNumbers(json, "current", product?.Price ?? -1, product?.Rank ?? -1);
        WriteNumbers(json, "avg90", product?.AveragePrice ?? -1, product?.AverageRank ?? -1);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // By index: 0 the shop's own price, 1 of a new one, 3 the sales rank, 18 the buy box with shipping.
    private static void WriteNumbers(Utf8JsonWriter json, string name, int price, int rank)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < Indexes; i++)
            json.WriteNumberValue(i switch { 1 or 18 => price, 3 => rank, _ => -1 });
        json.WriteEndArray();
    }

    private static string? WrongWith(HttpContext context) =>
        context.Request.Query["key"].Count == 0 ? "key is missing"
        : int.TryParse(context.Request.Query["domain"], NumberStyles.None, CultureInfo.InvariantCulture, out var domain) && domain is >= 1 and <= 12 and not 7 ? null
        : $"domain is '{context.Request.Query["domain"]}'; 1 to 6 or 8 to 12 is expected";

    private Task PaidAsync(HttpContext context, int cost, Action<Utf8JsonWriter> write)
    {
        var state = _purse.Take(cost);
        return state.Runs ? SendAsync(context, StatusCodes.Status200OK, state, cost, write) : SendAsync(context, StatusCodes.Status429TooManyRequests, state, 0, json => WriteError(json, "NOT_ENOUGH_TOKEN", "Not enough tokens."));
    }

    private Task ErrorAsync(HttpContext context, int status, string type, string message) => SendAsync(context, status, _purse.Take(0), 0, json => WriteError(json, type, message));

    private static void WriteError(Utf8JsonWriter json, string type, string message)
    {
        json.WriteStartObject("error");
        json.WriteString("type", type);
        json.WriteString("message", message);
        json.WriteString("details", "");
        json.WriteEndObject();
    }

    private async Task SendAsync(HttpContext context, int status, TokenState state, int cost, Action<Utf8JsonWriter> write)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body, Answers.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", options.Time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteNumber("tokensLeft", state.Left);
            json.WriteNumber("refillIn", (long)Math.Ceiling(state.RefillIn.TotalMilliseconds));
            json.WriteNumber("refillRate", _purse.Rate);
            json.WriteNumber("tokenFlowReduction", 0);
            json.WriteNumber("tokensConsumed", cost);
            json.WriteNumber("processingTimeInMs", 1);
            write(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        // Packed for whoever takes it, errors too.
        var isPacked = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (isPacked)
            context.Response.Headers.ContentEncoding = "gzip";
        await Answers.BytesAsync(context, isPacked ? Pack(body.ToArray()) : body.ToArray(), "application/json; charset=utf-8");
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
