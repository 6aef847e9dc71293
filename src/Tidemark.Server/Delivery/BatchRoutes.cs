using System.Text.Json;
using Tidemark.Access;
using Tidemark.Inboxes;
using Tidemark.Reports;
using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;
using Tidemark.Server.Operations;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.Delivery;

/// <summary>What became of asynchronous posts. Whoever may post to a route may ask for its posts.</summary>
internal static class BatchRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state, PushLines lines, InboxDeliveries deliveries) =>
        app.MapGet("/v1/batches/{id}", (RequestDelegate)(context => ShowAsync(context, state, lines, deliveries))).WithMetadata(new RouteAccess(AccessLevel.AnyKey));

    private static async Task ShowAsync(HttpContext context, ServerState state, PushLines lines, InboxDeliveries deliveries)
    {
        PagedAnswer.Know(context.Request);
        var id = (string)context.GetRouteValue("id")!;
        var batch = state.Setup.Inbox is { } inbox ? await inbox.FindAsync(id) : null;
        // One that is not the caller's business is as one that is not there.
        if (batch is null || (context.Features.Get<ApiKey>() is { } key && !key.Opens(batch.Path)))
            throw new ProblemException(StatusCodes.Status404NotFound, "unknown_batch", $"no asynchronous post has the id '{id}': they are forgotten {Definitions.Durations.Format(state.Setup.Pipeline.Server.KeepBatches)} after they were delivered (keep_batches), and others are answered at once");
        var line = lines.All.FirstOrDefault(l => string.Equals(l.Queue, batch.Stream, StringComparison.Ordinal));
        var parts = await state.Setup.Inbox!.ListPartsAsync(id);
        context.Response.Headers.CacheControl = "no-store";
        if (batch.EndedAt is null) context.Response.Headers.RetryAfter = "1";
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, batch, parts, line, deliveries.ProblemOf(batch.Stream)));
    }

    private static void Write(Utf8JsonWriter json, InboxBatch batch, IReadOnlyList<InboxPart> parts, PushLine? line, string? waitsFor)
    {
        var tally = new PostTally();
        foreach (var part in parts)
        {
            if (part.Outcome is { } outcome) tally.Add(PartOutcome.Read(outcome), replayed: false);
        }
        json.WriteStartObject();
        json.WriteString("batch_id", batch.Id);
        json.WriteString("state", batch.EndedAt is null ? "waiting" : batch.Problem is null ? "done" : "refused");
        json.WriteString("path", batch.Path);
        json.WriteNumber("received", batch.Records);
        json.WriteString("accepted_at", batch.AcceptedAt);
        json.WriteOptional("ended_at", batch.EndedAt);
        if (batch.EndedAt is null && waitsFor is not null) json.WriteString("waits_for", waitsFor);
        if (batch.Problem is not null) json.WriteString("problem", batch.Problem);
        if (batch.EndedAt is not null && tally.Received == batch.Records)
        {
            json.WritePropertyName("answer");
            tally.Write(json, line?.Answer ?? new Dictionary<string, Serving.AnswerValue>(StringComparer.Ordinal));
        }
        else if (tally.Received > 0)
        {
            json.WriteStartObject("done");
            tally.WriteCounts(json);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
