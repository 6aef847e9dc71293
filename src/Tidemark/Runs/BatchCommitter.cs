using Polly;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>
/// Writes a batch and the checkpoint that it completes, in one transaction:
/// </summary>
/// <remarks>
/// <para>1. Begin, which checks the fence.</para>
/// <para>2. Write the records, halving the batch where one is refused.</para>
/// <para>3. Keep the refused ones in the store: they are durable before the checkpoint that passes them.</para>
/// <para>4. Put parents into their children's queues, take finished ones out; with the last batch of a full scan, replace the table or act on deletions.</para>
/// <para>5. Commit rows and checkpoint together.</para>
/// <para>A temporary error disposes the transaction and begins at 1 again, as often as <see cref="TemporaryFaults"/> says. Before an attempt is repeated the batch number is read: if it has moved, the
/// answer to the commit was lost, and the batch is there.</para>
/// </remarks>
internal sealed class BatchCommitter
{
    private readonly StreamContext _context;
    private readonly IStreamWriter _writer;
    private readonly ResiliencePipeline _retry;

    public BatchCommitter(StreamContext context, IStreamWriter writer)
    {
        (_context, _writer) = (context, writer);
        _retry = TemporaryFaults.Retry(context.Time, context.Random, () => context.Counters.Add(Counter.Retries));
    }

    /// <summary>Writes and commits; then what the batch counts is counted.</summary>
    /// <returns>The checkpoint that is on disk now.</returns>
    public async Task<Checkpoint> CommitAsync(PendingBatch pending, CommitSteps steps, CancellationToken cancellationToken)
    {
        HalvingResult? attempted = null;
        Checkpoint? next = null;
        var deleted = 0L;
        var written = await _retry.ExecuteAsync(async token =>
        {
            // A result from an attempt before: its commit may have gone through.
            if (attempted is not null && await _writer.ReadBatchNumberAsync(token) >= next!.BatchNumber) return attempted;
            attempted = null;
            await using var transaction = await _writer.BeginAsync(token);
            if (steps.StartOver) await transaction.StartOverAsync(token);
            var result = await Halving.WriteAsync(transaction, pending.Records, token);
            await KeepRefusedAsync(pending, result, steps.FailedBefore, token);
            foreach (var (child, items) in pending.Parents)
                await transaction.EnqueueAsync(ParentQueue.Name(_context.PipelineName, child), items, token);
            if (steps.ParentsThrough > 0) await transaction.DequeueAsync(ParentQueue.Name(_context.PipelineName, _context.Stream.Name), steps.ParentsThrough, token);
            if (steps.Finish is { } finish)
                deleted = await transaction.FinishAsync(finish with { FailedRecords = finish.FailedRecords + result.Refused.Count + pending.Refused.Count }, token);
            next = steps.Next(result.Refused.Count + pending.Refused.Count);
            attempted = result;
            await transaction.CommitAsync(next, token);
            return result;
        }, cancellationToken);
        pending.Count(written, deleted);
        return next!;
    }

    private async Task KeepRefusedAsync(PendingBatch pending, HalvingResult result, long failedBefore, CancellationToken cancellationToken)
    {
        var refused = result.Refused.Select(r => Keep(pending.Records.Payload(r.Row).ToArray(), r.Reason)).Concat(pending.Refused.Select(r => Keep(r.Payload, r.Reason))).ToList();
        if (refused.Count == 0) return;
        if (_context.Failures is not { } store)
            throw new DestinationException(DestinationFault.Guard, $"a record was refused ({refused[0].Reason}), and there is no store to keep it in");
        await store.AddAsync(refused, cancellationToken);
        if (failedBefore + refused.Count > _context.Stream.MaxFailed)
            throw new DestinationException(DestinationFault.Guard, $"{failedBefore + refused.Count} records were refused, more than max_failed ({_context.Stream.MaxFailed}); the last one: {refused[^1].Reason}");
    }

    private FailedRecord Keep(ReadOnlyMemory<byte> payload, string reason) => new()
    {
        Id = FailedRecord.IdOf(_context.PipelineName, _context.Stream.Name, payload.Span),
        PipelineName = _context.PipelineName,
        Stream = _context.Stream.Name,
        RunId = _context.RunId,
        Reason = reason,
        Payload = payload,
        FailedAt = _context.Time.GetUtcNow(),
    };
}
