using Tidemark.Definitions;
using Tidemark.Failures;
using Tidemark.Reports;
using Tidemark.Runs.Retries;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Operations;

/// <summary>Failed records: looked at, and tried again.</summary>
internal static class FailedRoutes
{
    private static readonly string[] Statuses = [.. Enum.GetValues<FailedRecordStatus>().Select(ReportJson.Name), "all"];

    public static void Map(IEndpointRouteBuilder app, ServerState state)
    {
        app.MapGet("/v1/failed", (RequestDelegate)(context => ListAsync(context, state)));
        app.MapPost("/v1/failed/retry", (RequestDelegate)(context => RetryAsync(context, state)));
    }

    private static async Task ListAsync(HttpContext context, ServerState state)
    {
        PagedAnswer.Know(context.Request, "stream", "status", "limit", "before");
        var pipeline = state.Setup.Pipeline;
        var (limit, stream) = (PagedAnswer.Limit(context.Request), PagedAnswer.Query(context.Request, "stream"));
        if (stream is not null) Know(state, [stream]);
        var records = await state.Setup.Store.ListAsync(pipeline.Name, stream, StatusOf(PagedAnswer.Query(context.Request, "status") ?? "open"), limit, PagedAnswer.Before(context.Request), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("records");
            foreach (var record in records) FailedRecordJson.Write(json, record);
            json.WriteEndArray();
            PagedAnswer.WriteNext(json, context.Request, limit, records.Count, records.Count == 0 ? null : records[^1].Id);
            json.WriteEndObject();
        });
    }

    private static async Task RetryAsync(HttpContext context, ServerState state)
    {
        var body = await RequestJson.ReadAsync(context, "ids", "streams", "all");
        var (ids, streams, all) = (RequestJson.Texts(body, "ids"), RequestJson.Texts(body, "streams"), RequestJson.Flag(body, "all"));
        if (new[] { ids.Count > 0, streams.Count > 0, all }.Count(w => w) != 1) throw RequestJson.Bad("say which records, in one way: ids, streams, or all: true");
        Know(state, streams);
        var options = new RetryOptions { Streams = streams };
        if (ids.Count > 0) options = options with { Ids = await OpenIdsAsync(state, ids, context.RequestAborted) };
        // Whoever asked may go away: what is being written is committed, the rest stays open.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(state.Stopping, context.RequestAborted);
        var setup = state.Setup;
        var report = await new RetryRun(setup.Pipeline, options, setup.Store) { Answers = setup.Store, Ledger = setup.Store, Time = setup.Time, Random = setup.Random, Log = setup.Log }.RunAsync(stopping.Token);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => RetryReportJson.Write(json, report));
    }

    private static async Task<IReadOnlyList<string>> OpenIdsAsync(ServerState state, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = (await state.Setup.Store.GetAsync(ids, cancellationToken)).Where(r => string.Equals(r.PipelineName, state.Setup.Pipeline.Name, StringComparison.Ordinal)).ToDictionary(r => r.Id, StringComparer.Ordinal);
        if (ids.FirstOrDefault(i => !found.ContainsKey(i)) is { } unknown) throw new ProblemException(StatusCodes.Status404NotFound, "unknown_record", $"no failed record has the id '{unknown}'; see /v1/failed");
        if (found.Values.FirstOrDefault(r => r.Status != FailedRecordStatus.Open) is { } closed)
            throw new ProblemException(StatusCodes.Status409Conflict, "already_closed", $"the failed record {closed.Id} is {ReportJson.Name(closed.Status)} already");
        Know(state, [.. found.Values.Select(r => r.Stream)]);
        return ids;
    }

    private static void Know(ServerState state, IReadOnlyList<string> streams)
    {
        var known = state.Setup.Pipeline.Streams.Select(s => s.Name).ToList();
        if (streams.FirstOrDefault(s => !known.Contains(s, StringComparer.Ordinal)) is { } unknown) throw RequestJson.Bad($"no stream is called '{unknown}'{NearestName.Hint(unknown, known)}");
    }

    private static FailedRecordStatus? StatusOf(string name) =>
        string.Equals(name, "all", StringComparison.Ordinal) ? null
        : Statuses.Contains(name, StringComparer.Ordinal) ? Enum.Parse<FailedRecordStatus>(name, ignoreCase: true)
        : throw RequestJson.Bad($"found status={name}, expected {string.Join(", ", Statuses)}{NearestName.Hint(name, Statuses)}");
}
