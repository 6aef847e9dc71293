using Tidemark.Inboxes;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Pushing;

/// <summary>Keeps parts in the inbox, to be delivered later; the answer says where to ask. A post that comes again with its key is compared with the first, and answered as that was.</summary>
internal sealed class InboxSink(ServerState state, PushLine line, PostKey? key, string batchId, InboxBatch? before) : IPostSink
{
    private readonly IInbox _inbox = state.Setup.Inbox!;
    private IReadOnlyList<InboxPart>? _partsBefore;
    private long _records;
    private bool _isAccepted;

    public async Task TakeAsync(RecordPart part, ReadOnlyMemory<byte> request, int number, CancellationToken cancellationToken)
    {
        using (part)
        {
            _records += part.Records.Count;
            var kept = new InboxPart(batchId, number, PayloadHash.Of(request, part), part.Records.Count);
            if (before is not null)
            {
                _partsBefore ??= await _inbox.ListPartsAsync(before.Id);
                if (number >= _partsBefore.Count || !_partsBefore[number].Hash.Span.SequenceEqual(kept.Hash.Span)) throw new ProblemException(PostProblem.KeyReused);
                return;
            }
            using var payload = StoredPart.Write(request, part);
            if (part.IsLast) await AcceptAsync(kept, payload.WrittenMemory);
            else await TryAsync(() => _inbox.AddAsync(kept, payload.WrittenMemory, cancellationToken));
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        if (before is not null) context.Response.Headers["Idempotency-Replayed"] = "true";
        else if (!_isAccepted) await AcceptAsync(last: null, default);
        var id = before?.Id ?? batchId;
        context.Response.Headers.Location = $"/v1/batches/{id}";
        context.Response.Headers["Preference-Applied"] = "respond-async";
        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "accepted");
            json.WriteNumber("received", before?.Records ?? _records);
            json.WriteString("batch_id", id);
            json.WriteEndObject();
        });
    }

    // Nothing of it is kept: there is nothing to tell of.
    public Problem Told(Problem problem) => problem;

    public async ValueTask DisposeAsync()
    {
        if (_isAccepted || before is not null) return;
        try
        {
            await _inbox.DiscardAsync(batchId);
        }
        catch (InboxException)
        {
            // What was never accepted is forgotten when the inbox is opened again.
        }
    }

    private async Task AcceptAsync(InboxPart? last, ReadOnlyMemory<byte> payload)
    {
        var batch = new InboxBatch { Id = batchId, Stream = line.Queue, Path = line.Path, Scope = key?.Scope, Key = key?.Key, AcceptedAt = state.Setup.Time.GetUtcNow(), Records = _records };
        await TryAsync(() => _inbox.AcceptAsync(batch, last, payload));
        _isAccepted = true;
    }

    private static async Task TryAsync(Func<Task> keep)
    {
        try
        {
            await keep();
        }
        catch (InboxException e)
        {
            throw new ProblemException(new Problem(StatusCodes.Status503ServiceUnavailable, e.IsFull ? "inbox_full" : "inbox_unavailable", e.Message) { RetryAfter = TimeSpan.FromSeconds(e.IsFull ? 10 : 30) }, e);
        }
    }
}
