using Microsoft.Extensions.Logging;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Records;
using Tidemark.Telemetry;
using Tidemark.Validation;

namespace Tidemark.Runs.Retries;

/// <summary>
/// Tries the failed records of one stream again, from the payloads in the store; the source is not called.
/// </summary>
/// <remarks>
/// <para>1. Take the stream's lease, as a run does.</para>
/// <para>2. What an earlier retry has written and not closed, because it was killed in between, waits in a queue of the destination: close it.</para>
/// <para>3. Write up to 500 records in a transaction, with their ids into that queue. The checkpoint stays as it is, its batch number excepted.</para>
/// <para>4. At this point they are in the table: close them in the store, and keep the new reasons of those that were refused.</para>
/// <para>5. The next transaction takes them out of the queue; the last one does so with its own.</para>
/// <para>A crash at any point repeats nothing: before 3 is committed nothing has happened, after it the ids wait in the queue.</para>
/// </remarks>
internal sealed class StreamRetry(PipelineDefinition pipeline, StreamDefinition stream, IFailedRecordStore store, TimeProvider time, Random random, ILogger log, Action<StreamRetryReport> progress)
{
    private const int Most = 500;

    private readonly StreamTarget _target = TargetOf(pipeline, stream);
    private readonly RecordValidator _validator = new(stream.Rules);
    private readonly RejectionCounts _rejections = new();
    private readonly string _queue = RetriedQueue.Name(pipeline.Name, stream.Name);
    private Checkpoint _checkpoint = Checkpoint.None;
    private KnownFields _known = new([]);
    private bool _queued;

    /// <summary>Asks about records that were not enriched; null: nobody does. Whoever made it disposes it.</summary>
    public Enricher? Enricher { get; init; }

    /// <summary>Tries the records in the order given, to the end, whatever it is: errors become a part of the report.</summary>
    public async Task<StreamRetryReport> RunAsync(IDestination destination, IReadOnlyList<string> ids, TimeSpan patience, CancellationToken stopping)
    {
        var report = new StreamRetryReport { Stream = stream.Name, Selected = ids.Count };
        try
        {
            await using var writer = await LeaseTaking.OpenAsync(destination, _target, patience, time, log, stopping);
            _checkpoint = writer.Checkpoint;
            _known = new KnownFields(writer.Fields);
            if (stream.Disposition() == WriteDisposition.Replace && _checkpoint.Resume is not null)
                throw new DestinationException(DestinationFault.Guard, $"'{stream.Name}' is being replaced by a full read that has not ended: what is written now would be lost with the old rows. Run it to its end first");
            var retry = TemporaryFaults.Retry(time, random, static () => { });
            var commits = new CommitRetry(writer, retry);
            (_queued, report) = await RetriedQueue.CloseAsync(after => retry.ExecuteAsync(async token => await writer.PeekAsync(_queue, after, Most, token)).AsTask(), store, report, ids.ToHashSet(StringComparer.Ordinal), time.GetUtcNow());
            foreach (var some in ids.Chunk(Most))
            {
                stopping.ThrowIfCancellationRequested();
                report = await TryAsync(commits, some, report, stopping);
                progress(report);
            }
            if (_queued) await commits.RunAsync(EmptyQueueAsync, CancellationToken.None);
            report = report with { SchemaChanges = writer.SchemaChanges, Status = report.StillFailing > 0 ? RunStatus.Partial : RunStatus.Succeeded };
        }
        catch (DestinationException e)
        {
            report = report with { Status = RunStatus.Failed, Error = e.Message };
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            report = report with { Status = RunStatus.Interrupted };
        }
        return report;
    }

    // A stream that replaces its table does so with whole scans: a record alone goes into the table that is there. Older never overwrites newer, whatever the run did.
    private static StreamTarget TargetOf(PipelineDefinition pipeline, StreamDefinition stream)
    {
        var target = stream.Target(pipeline.Name);
        return target.Disposition != WriteDisposition.Replace ? target
            : target with { Disposition = stream.PrimaryKey.Count > 0 ? WriteDisposition.Merge : WriteDisposition.Append };
    }

    private async Task<StreamRetryReport> TryAsync(CommitRetry commits, IReadOnlyList<string> ids, StreamRetryReport report, CancellationToken stopping)
    {
        // Closed since they were chosen, by step 2 or by somebody else: not to be written again.
        var kept = (await store.GetAsync(ids, CancellationToken.None)).Where(r => r.Status == FailedRecordStatus.Open).ToDictionary(r => r.Id, StringComparer.Ordinal);
        if (kept.Count == 0) return report;
        var records = await new RetryEnricher(Enricher, stream.Enrichment?.Into).RunAsync([.. ids.Where(kept.ContainsKey).Select(id => kept[id])], stopping);
        using var batch = new RetryBatch(_target.Schema, _known, _validator, records);
        (var outcome, _checkpoint) = await commits.RunAsync(async (transaction, token) =>
        {
            if (_queued) await EmptyQueueAsync(transaction, token);
            var tried = await batch.WriteAsync(transaction, token);
            if (tried.Resolved.Count + tried.Superseded.Count > 0)
            {
                await transaction.EnqueueAsync(_queue,
                    [.. tried.Resolved.Select(r => RetriedQueue.Item(r, FailedRecordStatus.Resolved)), .. tried.Superseded.Select(r => RetriedQueue.Item(r, FailedRecordStatus.Superseded))], token);
            }
            if (tried.Resolved.Count > 0) await EnqueueParentsAsync(transaction, tried, token);
            // Without an unfinished scan nothing may stay beside the table.
            if (_checkpoint.Resume is null && _target.Deletions != Deletions.Ignore) await transaction.StartOverAsync(token);
            return (tried, Next());
        }, CancellationToken.None);
        _queued = outcome.Resolved.Count + outcome.Superseded.Count > 0;
        var now = time.GetUtcNow();
        if (outcome.Resolved.Count > 0) await store.CloseAsync([.. outcome.Resolved.Select(r => r.Id)], FailedRecordStatus.Resolved, now, CancellationToken.None);
        if (outcome.Superseded.Count > 0) await store.CloseAsync([.. outcome.Superseded.Select(r => r.Id)], FailedRecordStatus.Superseded, now, CancellationToken.None);
        if (outcome.Refused.Count > 0) await store.AddAsync([.. outcome.Refused.Select(r => r.Record with { Reason = r.Reason, FailedAt = now })], CancellationToken.None);
        foreach (var refused in outcome.Refused)
        {
            if (refused.Rule is { } rule) _rejections.Add(rule);
        }
        return report with
        {
            Rejected = _rejections.Snapshot() is { Count: > 0 } rejected ? rejected : report.Rejected,
            Resolved = report.Resolved + outcome.Resolved.Count,
            Superseded = report.Superseded + outcome.Superseded.Count,
            StillFailing = report.StillFailing + outcome.Refused.Count,
        };
    }

    // At this point all that waits in the queue is closed, and nobody else writes it: the lease is ours.
    private async Task<(bool, Checkpoint)> EmptyQueueAsync(IBatchTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.DequeueAsync(_queue, long.MaxValue, cancellationToken);
        return (true, Next());
    }

    // Their children have not been asked for: a refused record is no parent.
    private async Task EnqueueParentsAsync(IBatchTransaction transaction, RetryBatch.RetryOutcome outcome, CancellationToken cancellationToken)
    {
        foreach (var child in pipeline.Streams.Where(s => string.Equals(s.Parent?.Stream, stream.Name, StringComparison.Ordinal)))
            await transaction.EnqueueAsync(ParentQueue.Name(pipeline.Name, child.Name), [.. outcome.Resolved.Select(r => ParentQueue.Item(r.Payload.Span, child.Parent!.Include))], cancellationToken);
    }

    private Checkpoint Next() => _checkpoint with { BatchNumber = _checkpoint.BatchNumber + 1 };
}
