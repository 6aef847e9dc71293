using System.Collections.Concurrent;
using Tidemark.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Pushing;

/// <summary>Takes the posts of one route.</summary>
/// <remarks>
/// <para>1. The head says what the body is, and whether the caller waits for the database or not; whoever finds no room is told to come again before anything is read.</para>
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
        var isAsync = state.Setup.Inbox is not null && AsyncPreference.Is(context.Request);
        if (!isAsync && state.Setup.Inbox?.Holds(line.Queue) == true) throw new ProblemException(Waiting(line.Name));
        if (key is { } taken && !_keysInFlight.TryAdd(taken.Key, 0)) throw new ProblemException(PostProblem.InFlight);
        try
        {
            await using var body = RequestBody.Open(context, limits, state.Setup.Time);
            using IRecordReader reader = format == BodyFormat.Lines
                ? new LineReader(body, limits.MaxRecordSize)
                : new JsonRecordReader(body, new JsonReaderSetup(line.Records, [.. line.Needed.Union(line.Told, StringComparer.Ordinal)], line.Needed, limits.MaxRecordSize, limits.MaxDepth));
            await using var sink = await SinkAsync(isAsync, key);
            await ReceiveAsync(context, reader, sink);
            await sink.AnswerAsync(context);
        }
        finally
        {
            if (key is { } done) _keysInFlight.TryRemove(done.Key, out _);
        }
    }

    private async Task<IPostSink> SinkAsync(bool isAsync, PostKey? key)
    {
        var batchId = Guid.CreateVersion7(state.Setup.Time.GetUtcNow()).ToString("n");
        if (!isAsync) return new DirectSink(state, line, key, batchId);
        return new InboxSink(state, line, key, batchId, key is { } known ? await state.Setup.Inbox!.FindAsync(known.Scope, known.Key) : null);
    }

    private async Task ReceiveAsync(HttpContext context, IRecordReader reader, IPostSink sink)
    {
        var (cancellationToken, total) = (context.RequestAborted, 0L);
        Task taking = Task.CompletedTask;
        try
        {
            for (var number = 0; ; number++)
            {
                // Given back by whoever takes the part; here if it comes to no taking.
                var held = await admission.EnterAsync(Expected(context.Request, number), number == 0, cancellationToken);
                RecordPart? part = null;
                try
                {
                    part = await reader.ReadAsync(cancellationToken);
                    total += part?.Records.Count ?? 0;
                    if (total > state.Setup.Pipeline.Server.MaxRecords)
                        throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "too_many_records", $"found more than {state.Setup.Pipeline.Server.MaxRecords} records in one post (max_records); send several");
                    await taking;
                    if (part is null || (part.Records.Count == 0 && number > 0)) return;
                    await held.SetAsync(part.Bytes.Length, part.Records.Count, number == 0, cancellationToken);
                    var isLast = part.IsLast;
                    taking = TakeAsync(sink, part, reader.Request, number, held, cancellationToken);
                    (held, part) = (null, null);
                    if (!isLast) continue;
                    await taking;
                    return;
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
            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new ProblemException(sink.Told(e.Problem), e);
        }
        finally
        {
            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task TakeAsync(IPostSink sink, RecordPart part, ReadOnlyMemory<byte> request, int number, Admission.Held held, CancellationToken cancellationToken)
    {
        using (held) await sink.TakeAsync(part, request, number, cancellationToken);
    }

    // The same key of two callers is two keys: none may get the other's answer.
    private PostKey? KeyOf(HttpContext context) => IdempotencyHeader.Read(context.Request) is not { } key ? null
        : new PostKey($"{state.Setup.Pipeline.Name} {line.Path}", context.Features.Get<ApiKey>() is { } caller ? $"{caller.Name} {key}" : key);

    private static long Expected(HttpRequest request, int number) =>
        number == 0 && request.ContentLength is { } length && request.Headers.ContentEncoding.Count == 0 ? Math.Min(length, RecordPart.ByteSize) : Unknown;

    // What was taken first is written first.
    private static Problem Waiting(string name) => new(StatusCodes.Status503ServiceUnavailable, "inbox_not_empty",
        $"asynchronous posts to '{name}' wait to be delivered, and this one would overtake them: come again, or send it with Prefer: respond-async")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };
}
