using System.Collections.Concurrent;
using Tidemark.Access;
using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;
using Tidemark.Telemetry;

namespace Tidemark.Server.Pushing;

/// <summary>Takes the posts of one route.</summary>
/// <remarks>
/// <para>1. The head says what the body is; whoever finds no room is told to come again before anything is read.</para>
/// <para>2. The body is read part by part, at most 10 000 records each. A post that is one part is whole before any of it is written.</para>
/// <para>3. While a part is being written the next one is read. A part that is on disk stays, whatever comes behind it.</para>
/// <para>4. What became of all parts is the answer.</para>
/// </remarks>
internal sealed class PostReceiver(ServerState state, PushLine line, Admission admission)
{
    /// <summary>What a part is thought to take before it is read, where the head does not say.</summary>
    private const long Unknown = 512 << 10;

    private readonly ConcurrentDictionary<string, byte> _keysInFlight = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        var limits = state.Setup.Pipeline.Server;
        var format = RequestBody.FormatOf(context.Request);
        var key = KeyOf(context);
        if (key is not null && !_keysInFlight.TryAdd(key, 0)) throw InFlight();
        try
        {
            await using var body = RequestBody.Open(context, limits, state.Setup.Time);
            using IRecordReader reader = format == BodyFormat.Lines
                ? new LineReader(body, limits.MaxRecordSize)
                : new JsonRecordReader(body, new JsonReaderSetup(line.Records, [.. line.Needed.Union(line.Told, StringComparer.Ordinal)], line.Needed, limits.MaxRecordSize, limits.MaxDepth));
            var tally = await ReceiveAsync(context, reader, key);
            if (tally.IsReplayed) context.Response.Headers["Idempotency-Replayed"] = "true";
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => tally.Write(json, line.Answer));
        }
        finally
        {
            if (key is not null) _keysInFlight.TryRemove(key, out _);
        }
    }

    private async Task<PostTally> ReceiveAsync(HttpContext context, IRecordReader reader, string? key)
    {
        var (tally, cancellationToken, total) = (new PostTally(), context.RequestAborted, 0L);
        var batchId = Guid.CreateVersion7(state.Setup.Time.GetUtcNow()).ToString("n");
        Task writing = Task.CompletedTask;
        try
        {
            for (var number = 0; ; number++)
            {
                // Given back by whoever writes the part; here if it comes to no writing.
                var held = await admission.EnterAsync(Expected(context.Request, number), number == 0, cancellationToken);
                RecordPart? part = null;
                try
                {
                    part = await reader.ReadAsync(cancellationToken);
                    total += part?.Records.Count ?? 0;
                    if (total > state.Setup.Pipeline.Server.MaxRecords)
                        throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "too_many_records", $"found more than {state.Setup.Pipeline.Server.MaxRecords} records in one post (max_records); send several");
                    await writing;
                    if (part is null || (part.Records.Count == 0 && number > 0)) return tally;
                    await held.SetAsync(part.Bytes.Length, part.Records.Count, number == 0, cancellationToken);
                    writing = WriteAsync(part, PostOf(part, reader.Request, key, number, batchId), batchId, held, tally, cancellationToken);
                    (held, part) = (null, part.IsLast ? part : null);
                    if (part is null) continue;
                    part = null;
                    await writing;
                    return tally;
                }
                finally
                {
                    held?.Dispose();
                    part?.Dispose();
                }
            }
        }
        catch (ProblemException e)
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw tally.Received == 0 ? e : new ProblemException(WithWritten(e.Problem, tally), e);
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Post PostOf(RecordPart part, ReadOnlyMemory<byte> request, string? key, int number, string batchId) => new(part.Bytes, part.Records)
    {
        Request = request,
        Key = key is null ? null : new IdempotencyKey($"{state.Setup.Pipeline.Name} {line.Path}", key, PayloadHash.Of(request, part), number),
        Store = key is null ? null : answer => PartOutcome.Of(answer, part, batchId, state.Setup.Pipeline.Server.MaxRecordSize).Stored(),
    };

    private async Task WriteAsync(RecordPart part, Post post, string batchId, Admission.Held held, PostTally tally, CancellationToken cancellationToken)
    {
        using (held)
        {
            var answer = await line.Writer.WriteAsync(post, cancellationToken);
            if (answer.Status is not (PostStatus.Written or PostStatus.Replayed)) throw new ProblemException(ProblemOf(answer));
            var outcome = answer.Status == PostStatus.Replayed ? PartOutcome.Read(answer.Stored) : PartOutcome.Of(answer, part, batchId, state.Setup.Pipeline.Server.MaxRecordSize);
            tally.Add(outcome, answer.Status == PostStatus.Replayed);
            if (answer.Status != PostStatus.Written) return;
            line.Counters.Add(Counter.Read, outcome.Received);
            line.Counters.Add(Counter.Written, outcome.Inserted + outcome.Updated);
            line.Counters.Add(Counter.Failed, outcome.Rejected);
        }
    }

    // The same key of two callers is two keys: none may get the other's answer.
    private static string? KeyOf(HttpContext context) =>
        IdempotencyHeader.Read(context.Request) is not { } key ? null : context.Features.Get<ApiKey>() is { } caller ? $"{caller.Name}\0{key}".Replace('\0', ' ') : key;

    private static long Expected(HttpRequest request, int number) =>
        number == 0 && request.ContentLength is { } length && request.Headers.ContentEncoding.Count == 0 ? Math.Min(length, RecordPart.ByteSize) : Unknown;

    private static ProblemException InFlight() => new(new Problem(StatusCodes.Status409Conflict, "in_flight", $"a post with the same {IdempotencyHeader.Name} is being worked on right now; come again for its answer") { RetryAfter = TimeSpan.FromSeconds(1) });

    private static Problem ProblemOf(PostAnswer answer) => answer.Status switch
    {
        PostStatus.InFlight => InFlight().Problem,
        PostStatus.KeyReused => new Problem(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", $"the {IdempotencyHeader.Name} was used for another payload; a new post needs a new key"),
        PostStatus.Refused => new Problem(StatusCodes.Status422UnprocessableEntity, "request_refused", answer.Problem ?? "the request is refused"),
        PostStatus.Full => new Problem(StatusCodes.Status429TooManyRequests, "too_much", answer.Problem ?? "too much waits") { RetryAfter = answer.RetryAfter ?? TimeSpan.FromSeconds(2) },
        PostStatus.Unavailable => new Problem(StatusCodes.Status503ServiceUnavailable, "destination_unavailable", answer.Problem ?? "the database can't be reached") { RetryAfter = answer.RetryAfter ?? TimeSpan.FromSeconds(5) },
        _ => new Problem(StatusCodes.Status500InternalServerError, "destination_failed", answer.Problem ?? "the database failed"),
    };

    // What is on disk stays: whoever sends the rest, or all again with the same key, needs to know.
    private static Problem WithWritten(Problem problem, PostTally tally) => problem with
    {
        Detail = $"{problem.Detail}; the first {tally.Received} records are done",
        Members = json =>
        {
            json.WriteStartObject("done");
            tally.WriteCounts(json);
            json.WriteEndObject();
        },
    };
}
