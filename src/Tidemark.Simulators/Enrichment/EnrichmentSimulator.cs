using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Enrichment;

/// <summary>A slow service that writes a review of the company that it is sent; some of its reviews are of no use.</summary>
internal sealed class EnrichmentSimulator(SimulatorOptions options) : ISimulator
{
    private readonly ReviewService _reviews = new(options.Seed, options.Rubbish);
    private readonly long[] _counts = new long[Enum.GetValues<ReviewOutcome>().Length];

    public IReadOnlyList<string> Kinds => [];

    public bool AnswersGraphQlErrors => false;

    public DelayRange UsualDelay => new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/generate", GenerateAsync);
        routes.MapGet("/_sim/reviews", context => Answers.JsonAsync(context, new
        {
            good = Count(ReviewOutcome.Good),
            empty = Count(ReviewOutcome.Empty),
            too_short = Count(ReviewOutcome.TooShort),
            copied = Count(ReviewOutcome.Copied),
            not_json = Count(ReviewOutcome.NotJson),
            failed = Count(ReviewOutcome.Failed),
        }));
    }

    public ValueTask DescribeAsync(HttpContext context, SimulatedCall call) => ValueTask.CompletedTask;

    public void Reset() => Array.Clear(_counts);

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to) => [];

    public void Mutate(string kind) => throw NoRecords(kind);

    public void Grow(string kind) => throw NoRecords(kind);

    public IEnumerable<SimulatedRecord> Records(string kind) => throw NoRecords(kind);

    private async Task GenerateAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = body.GetBuffer().AsMemory(0, (int)body.Length);
        try
        {
            using var document = JsonDocument.Parse(request);
            await (document.RootElement.ValueKind == JsonValueKind.Array ? AnswerAllAsync(context, document.RootElement) : AnswerAsync(context, request));
        }
        catch (JsonException exception)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, $"The body is not JSON: {exception.Message}");
        }
    }

    private Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> company)
    {
        var (outcome, text) = Counted(company);
        return outcome switch
        {
            ReviewOutcome.NotJson => Answers.BytesAsync(context, Encoding.UTF8.GetBytes(text), "application/json; charset=utf-8"),
            ReviewOutcome.Failed => Answers.ErrorAsync(context, StatusCodes.Status500InternalServerError, text),
            _ => Answers.JsonAsync(context, new { review = text }),
        };
    }

    // Each of them gets what it would have got alone; what is of no use to one leaves the others as they are.
    private Task AnswerAllAsync(HttpContext context, JsonElement companies)
    {
        var answers = new JsonArray();
        foreach (var company in companies.EnumerateArray())
        {
            var (outcome, text) = Counted(Encoding.UTF8.GetBytes(company.GetRawText()));
            answers.Add(outcome == ReviewOutcome.NotJson ? JsonValue.Create(text) : new JsonObject
            {
                ["id"] = company.ValueKind == JsonValueKind.Object && company.TryGetProperty("id", out var id) ? JsonNode.Parse(id.GetRawText()) : null,
                [outcome == ReviewOutcome.Failed ? "error" : "review"] = text,
            });
        }

        return Answers.JsonAsync(context, answers);
    }

    private (ReviewOutcome Outcome, string Text) Counted(ReadOnlyMemory<byte> company)
    {
        var review = _reviews.Review(company);
        Interlocked.Increment(ref _counts[(int)review.Outcome]);
        return review;
    }

    private long Count(ReviewOutcome outcome) => Interlocked.Read(ref _counts[(int)outcome]);

    // The host asks for nothing of a kind that it has not been told.
    private static InvalidOperationException NoRecords(string kind) => new($"The enrichment service has no records, and none of kind '{kind}'.");
}
