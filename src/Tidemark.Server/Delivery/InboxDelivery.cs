using Tidemark.Destinations;
using Tidemark.Inboxes;
using Tidemark.Pushing;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.Delivery;

/// <summary>Delivers what waits in the inbox for one route, in order, each part once, however often the server or its database is killed in between.</summary>
/// <remarks>
/// <para>1. The destination says how far it was delivered: its position moves in the transaction that writes a part.</para>
/// <para>2. The first part is taken. If it lies behind the position, it was written before the server could note it; its answer is found under its key.</para>
/// <para>3. It is written. While the destination is away, or refuses for a reason that is not the post's, it waits and is tried again: nothing is passed over.</para>
/// <para>4. What became of it is kept for whoever asks, and its payload is forgotten.</para>
/// </remarks>
internal sealed partial class InboxDelivery(ServerState state, PushLine line) : IAsyncDisposable
{
    private readonly IInbox _inbox = state.Setup.Inbox!;
    private readonly CancellationTokenSource _stop = new();
    private readonly DeliveryPace _pace = new(new Random(state.Setup.Random.Next()));
    private Task _delivering = Task.CompletedTask;
    private long? _position;

    /// <summary>Why it waits; null: it does not.</summary>
    public string? Problem { get; private set; }

    public string Queue => line.Queue;

    public void Start() => _delivering = Task.Run(DeliverAllAsync, CancellationToken.None);

    /// <summary>Ends after the part that is being written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _delivering;
        _stop.Dispose();
    }

    private async Task DeliverAllAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await DeliverAsync(await _inbox.TakeAsync(line.Queue, _stop.Token));
                if (Problem is null) continue;
                LogGoesOn(state.Setup.Log, line.Name);
                Problem = null;
                _pace.Reset();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (DestinationException e)
            {
                await WaitAsync(e.Message, isAway: e.Fault is DestinationFault.Temporary or DestinationFault.LeaseLost);
            }
            catch (InboxException e)
            {
                await WaitAsync(e.Message, isAway: false);
            }
            catch (Exception e)
            {
                // A mistake of ours must not lose what was acknowledged, nor end the server.
                LogDefect(state.Setup.Log, e, line.Name, e.GetType().Name, e.Message);
                await WaitAsync(e.Message, isAway: false);
            }
        }
    }

    private async Task DeliverAsync((InboxBatch Batch, InboxPart Part, Records.PooledBuffer Payload) taken)
    {
        using var payload = taken.Payload;
        var (batch, part) = (taken.Batch, taken.Part);
        _position ??= await ReadPositionAsync();
        var isBehind = part.Position <= _position;
        if (isBehind && state.Setup.Time.GetUtcNow() - batch.AcceptedAt > IdempotencyKey.KeptFor)
        {
            // Delivered long ago, and the answer is forgotten.
            await _inbox.CompleteAsync(part, problem: null);
            return;
        }
        var (request, records) = StoredPart.Read(payload);
        var maxRecord = state.Setup.Pipeline.Server.MaxRecordSize;
        var answer = await line.Writer.WriteAsync(new Post(records.Bytes, records.Records)
        {
            Request = request,
            Key = KeyOf(batch, part),
            Store = a => PartOutcome.Of(a, records, batch.Id, maxRecord).Stored(),
            Position = isBehind ? null : new SharedPosition(state.Setup.Pipeline.Name, line.Queue, _position.Value, part.Position),
        }, CancellationToken.None);
        var outcome = answer.Status switch
        {
            PostStatus.Written => PartOutcome.Of(answer, records, batch.Id, maxRecord),
            PostStatus.Replayed => PartOutcome.Read(answer.Stored),
            PostStatus.Refused or PostStatus.KeyReused => null,
            _ => throw Undelivered(answer),
        };
        if (!isBehind) _position = part.Position;
        if (answer.Status == PostStatus.Written) line.Count(outcome!);
        var problem = outcome is null ? PostProblem.Of(answer).Detail : null;
        if (problem is not null) LogRefused(state.Setup.Log, line.Name, batch.Id, problem);
        await _inbox.CompleteAsync(part with { Outcome = outcome?.Stored() }, problem);
    }

    // Without a key of its caller it has one of ours: it says whether the part was written, when nobody could note it any more.
    private IdempotencyKey KeyOf(InboxBatch batch, InboxPart part) => batch.Key is { } key
        ? new IdempotencyKey(batch.Scope!, key, part.Hash, part.Number)
        : new IdempotencyKey($"{state.Setup.Pipeline.Name} {line.Path} inbox", batch.Id, part.Hash, part.Number);

    private async Task<long> ReadPositionAsync()
    {
        await using var writer = await state.Destinations[line.Destination].OpenSharedAsync([.. line.Target.Routes.Select(r => r.Target)], new SharedOptions(), _stop.Token);
        return await writer.ReadPositionAsync(state.Setup.Pipeline.Name, line.Queue, _stop.Token);
    }

    private DestinationException Undelivered(PostAnswer answer)
    {
        // Whatever it was: the next attempt asks where the destination stands.
        _position = null;
        var fault = answer.Status switch { PostStatus.Moved => DestinationFault.LeaseLost, PostStatus.Failed => DestinationFault.Fatal, _ => DestinationFault.Temporary };
        return new DestinationException(fault, answer.Problem ?? $"the post was not written: {answer.Status}");
    }

    private async Task WaitAsync(string reason, bool isAway)
    {
        if (!string.Equals(reason, Problem, StringComparison.Ordinal))
        {
            if (isAway) LogWaiting(state.Setup.Log, line.Name, reason);
            else LogStuck(state.Setup.Log, line.Name, reason);
        }
        Problem = reason;
        await Task.Delay(_pace.Next(), state.Setup.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
