using System.Text.Json;
using Tidemark.Definitions;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;
using Tidemark.Server.Runs;

namespace Tidemark.Server.Operations;

/// <summary>Runs: those that have ended, those of this server that go on, and new ones.</summary>
internal static class RunRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state)
    {
        app.MapGet("/v1/runs", (RequestDelegate)(context => ListAsync(context, state)));
        app.MapGet("/v1/runs/{id}", (RequestDelegate)(context => ShowAsync(context, state)));
        app.MapPost("/v1/runs", (RequestDelegate)(context => StartAsync(context, state)));
    }

    private static async Task ListAsync(HttpContext context, ServerState state)
    {
        PagedAnswer.Know(context.Request, "limit", "before");
        var (limit, before) = (PagedAnswer.Limit(context.Request), PagedAnswer.Before(context.Request));
        var runs = await state.Setup.Store.ListRunsAsync(state.Setup.Pipeline.Name, limit, before, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("running");
            if (before is null) foreach (var run in state.Runs.Running) Write(json, run, state);
            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (var run in runs) ReportJson.Write(json, run);
            json.WriteEndArray();
            PagedAnswer.WriteNext(json, context.Request, limit, runs.Count, runs.Count == 0 ? null : runs[^1].RunId);
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(HttpContext context, ServerState state)
    {
        PagedAnswer.Know(context.Request);
        var id = (string)context.GetRouteValue("id")!;
        if (state.Runs.Running.FirstOrDefault(r => string.Equals(r.Id, id, StringComparison.Ordinal)) is { } running)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, running, state));
            return;
        }
        var report = state.Runs.FindEnded(id) ?? await state.Setup.Store.FindRunAsync(state.Setup.Pipeline.Name, id, context.RequestAborted)
            ?? throw new ProblemException(StatusCodes.Status404NotFound, "unknown_run", $"no run of '{state.Setup.Pipeline.Name}' has the id '{id}'; see /v1/runs");
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => ReportJson.Write(json, report));
    }

    private static async Task StartAsync(HttpContext context, ServerState state)
    {
        var body = await RequestJson.ReadAsync(context, "streams", "full", "limit", "since");
        var options = new RunOptions { Streams = RequestJson.Texts(body, "streams"), Full = RequestJson.Flag(body, "full"), Limit = RequestJson.Number(body, "limit"), Since = RequestJson.Text(body, "since") };
        if (options is { Full: true, Since: not null }) throw RequestJson.Bad("full reads everything and since a part: give one of them");
        if (state.Stopping.IsCancellationRequested) throw new ProblemException(new Problem(StatusCodes.Status503ServiceUnavailable, "stopping", "the server is stopping") { RetryAfter = TimeSpan.FromSeconds(5) });
        try
        {
            var run = state.Runs.Start(options);
            context.Response.Headers.Location = PathOf(run);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json => Write(json, run, state));
        }
        catch (RunConflictException e)
        {
            throw new ProblemException(new Problem(StatusCodes.Status409Conflict, "already_running", e.Message) { Headers = [("Location", PathOf(e.Run))] }, e);
        }
        catch (ConfigException e)
        {
            throw RequestJson.Bad(string.Join("; ", e.Problems.Select(p => p.Message)));
        }
    }

    private static string PathOf(StartedRun run) => $"/v1/runs/{run.Id}";

    // The beginning of a report, with what is counted so far.
    private static void Write(Utf8JsonWriter json, StartedRun run, ServerState state)
    {
        json.WriteStartObject();
        json.WriteString("run_id", run.Id);
        json.WriteString("pipeline", state.Setup.Pipeline.Name);
        json.WriteString("status", "running");
        json.WriteString("started_at", run.StartedAt);
        json.WriteNumber("duration_ms", (long)(state.Setup.Time.GetUtcNow() - run.StartedAt).TotalMilliseconds);
        json.WriteStartArray("streams");
        foreach (var stream in run.Progress.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", stream.Name);
            json.WriteString("status", stream.Report is { } report ? ReportJson.Name(report.Status) : stream.Running ? "running" : "waiting");
            ReportJson.WriteCounts(json, counter => stream.Counters[counter]);
            if (stream.Slices is { } slices) ReportJson.Write(json, slices);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
