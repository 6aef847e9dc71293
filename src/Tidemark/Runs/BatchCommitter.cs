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
/// <para>A temporary error disposes the transaction and begins at 1 again: <see cref="CommitRetry"/>.</para>
/// </remarks>
internal sealed class BatchCommitter(StreamContext context, IStreamWriter writer)
{
    private readonly CommitRetry _retry = new(writer, TemporaryFaults.Retry(context.Time, context.Random, context.Counters.RetryWrite));

    /// <summary>Writes and commits; then what the batch counts is counted.</summary>
    /// <returns>The checkpoint that is on disk now.</returns>
    public async Task<Checkpoint> CommitAsync(PendingBatch pending, CommitSteps steps, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        var started = context.Time.GetTimestamp();
        var (written, checkpoint) = await _retry.RunAsync(async (transaction, token) =>
        {
            if (steps.StartOver) await transaction.StartOverAsync(token);
            var result = await Halving.WriteAsync(transaction, pending.Records, token);
            await KeepRefusedAsync(pending, result, steps.FailedBefore, token);
            await EnqueueParentsAsync(transaction, pending, result, token);
            if (steps.ParentsThrough > 0) await transaction.DequeueAsync(ParentQueue.Name(context.PipelineName, context.Stream.Name), steps.ParentsThrough, token);
            if (steps.Finish is { } finish)
                deleted = await transaction.FinishAsync(finish with { FailedRecords = finish.FailedRecords + result.Refused.Count + pending.Refused.Count }, token);
            return (result, steps.Next(result.Refused.Count + pending.Refused.Count));
        }, cancellationToken);
        pending.Count(written, deleted);
        var took = context.Time.GetElapsedTime(started);
        context.Counters.AddTime(Counter.WriteMs, took);
        if (pending.Records.Count > 0) context.Counters.EndBatch(pending.Records.Count, took);
        return checkpoint;
    }

    // A parent that is refused has no row that its children could belong to: they are asked for when a retry has written it.
    private async Task EnqueueParentsAsync(IBatchTransaction transaction, PendingBatch pending, HalvingResult result, CancellationToken cancellationToken)
    {
        if (pending.Parents.Count == 0) return;
        var refused = result.Refused.Select(r => r.Row).ToHashSet();
        foreach (var (child, items) in pending.Parents)
            await transaction.EnqueueAsync(ParentQueue.Name(context.PipelineName, child), refused.Count == 0 ? items : [.. items.Where((_, row) => !refused.Contains(row))], cancellationToken);
    }

    private async Task KeepRefusedAsync(PendingBatch pending, HalvingResult result, long failedBefore, CancellationToken cancellationToken)
    {
        var refused = result.Refused.Select(r => Keep(pending.Records.Payload(r.Row).ToArray(), r.Reason)).Concat(pending.Refused.Select(r => Keep(r.Payload, r.Reason))).ToList();
        if (refused.Count == 0) return;
        if (context.Failures is not { } store)
            throw new DestinationException(DestinationFault.Guard, $"a record was refused ({refused[0].Reason}), and there is no store to keep it in");
        await store.AddAsync(refused, cancellationToken);
        if (failedBefore + refused.Count > context.Stream.MaxFailed)
            throw new DestinationException(DestinationFault.Guard, $"{failedBefore + refused.Count} records were refused, more than max_failed ({context.Stream.MaxFailed}); the last one: {refused[^1].Reason}");
    }

    private FailedRecord Keep(ReadOnlyMemory<byte> payload, string reason) => new()
    {
        Id = FailedRecord.IdOf(context.PipelineName, context.Stream.Name, payload.Span),
        PipelineName = context.PipelineName,
        Stream = context.Stream.Name,
        RunId = context.RunId,
        Reason = reason,
        Payload = payload,
        FailedAt = context.Time.GetUtcNow(),
    };
}
