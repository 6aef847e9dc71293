using System.Globalization;
using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Conformance.Sequences;

/// <summary>Does a sequence to a real destination and to the naive one, and compares counts at each call; rows, checkpoint and queue after each end of a transaction.</summary>
/// <remarks>
/// Where what is merged stays although it was never committed, what was abandoned is done again, as the engine does it, and is for the naive destination what came twice. The end of a full scan
/// is committed at once there, as the engine does, too.
/// </remarks>
internal sealed class SequenceRunner(Harness harness, StreamTarget target)
{
    private const string Queue = "queue";
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly NaiveDestination _naive = new(target, keepsNull: !harness.SpeaksSql);
    private IStreamWriter? _writer;
    private IBatchTransaction? _transaction;
    private readonly List<Step> _done = [];
    private readonly List<Step> _left = [];
    private Checkpoint _checkpoint = Checkpoint.None;
    private bool _isDisturbed;
    private bool _isCut;

    /// <summary>What was counted, call by call.</summary>
    public List<WriteCounts> Transcript { get; } = [];

    public async Task RunAsync(Sequence sequence)
    {
        _writer = await harness.Destination.OpenAsync(target, default);
        try
        {
            foreach (var step in sequence.Steps) await DoOrRepeatAsync(step);
            await CommitAsync();
        }
        finally
        {
            if (_transaction is not null) await _transaction.DisposeAsync();
            await _writer.DisposeAsync();
        }
    }

    // What somebody else has done to a table, or to the connection, may be noticed once, within a transaction: that is repeated then, as the engine does.
    private async Task DoOrRepeatAsync(Step step)
    {
        try
        {
            await DoAsync(step);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && _isDisturbed && _transaction is not null)
        {
            Step[] steps = [.. _done, step];
            await AbandonAsync();
            foreach (var again in steps) await DoAsync(again);
        }
        if (_transaction is null) _done.Clear();
        else _done.Add(step);
        _isDisturbed = step.Kind is StepKind.AddColumn or StepKind.DropColumn or StepKind.DropTable || (_isDisturbed && step.Kind != StepKind.Write);
    }

    private async Task DoAsync(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Write:
                await WriteAsync(_naive.WithoutRiddles(step.Records));
                break;
            case StepKind.Commit:
                await CommitAsync();
                break;
            case StepKind.Abandon:
                await AbandonAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.Reopen:
                await AbandonAsync();
                await ReopenAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.TakeOver:
                await TakeOverAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.Cut:
                _isCut = await harness.CutAsync();
                if (_isCut) await AbandonAsync();
                break;
            case StepKind.AddColumn or StepKind.DropColumn or StepKind.DropTable:
                if (_transaction is null && harness.SpeaksSql) await AlterAsync(step);
                break;
            case StepKind.Finish:
                await FinishAsync(new FinishOptions { Now = Now });
                break;
            case StepKind.FinishAnyway:
                await FinishAsync(new FinishOptions { Now = Now, AllowEmpty = true, MaxDelete = 1 });
                break;
            case StepKind.StartOver:
                await (await TransactionAsync()).StartOverAsync(default);
                _naive.StartOver();
                break;
            case StepKind.Enqueue:
                await EnqueueAsync(step.Records);
                _naive.Enqueue(step.Records);
                break;
            case StepKind.Dequeue:
                if (_transaction is null && await TryDequeueAsync()) _naive.Dequeue();
                break;
            default:
                await RetriedAsync(async () =>
                {
                    await _writer!.RenewAsync(default);
                    return 0;
                });
                break;
        }
    }

    private bool StaysWhenAbandoned => !harness.IsTransactional && target.Schema.PrimaryKey.Count > 0;

    private string QueueName => Queue + target.Stream;

    private async Task WriteAsync(List<string> records)
    {
        using var batch = new RecordBatch(target.Schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        var counts = await (await TransactionAsync()).WriteAsync(batch, 0, batch.Count, default);
        var expected = _naive.Write(records);
        expected.Allow(counts).ShouldBeTrue($"{counts}; {expected} of\n{string.Join('\n', records)}");
        Transcript.Add(counts);
    }

    private async Task FinishAsync(FinishOptions options)
    {
        var transaction = await TransactionAsync();
        if (_naive.Finish(options) is { } lost)
        {
            (await transaction.FinishAsync(options, default)).ShouldBe(lost);
            if (!harness.IsTransactional) await CommitAsync();
        }
        else (await Should.ThrowAsync<DestinationException>(() => transaction.FinishAsync(options, default))).Fault.ShouldBe(DestinationFault.Guard);
    }

    private async Task CommitAsync()
    {
        if (_transaction is null) return;
        var next = new Checkpoint { BatchNumber = _checkpoint.BatchNumber + 1, Watermark = $"w{_checkpoint.BatchNumber}", Resume = "{}", LastSuccess = Now };
        await _transaction.CommitAsync(next, default);
        await _transaction.DisposeAsync();
        (_transaction, _checkpoint) = (null, next);
        _naive.Commit();
        await CompareAsync();
    }

    private async Task AbandonAsync()
    {
        if (_transaction is null) return;
        await _transaction.DisposeAsync();
        _transaction = null;
        if (StaysWhenAbandoned)
        {
            _left.AddRange(_done);
            return;
        }
        _naive.Abandon();
        await CompareAsync();
    }

    // The queue is written with the commit, and a guard has changed nothing. What a scan that starts over has left behind stays behind.
    private async Task RepeatLeftAsync()
    {
        var start = _left.FindLastIndex(s => s.Kind == StepKind.StartOver);
        foreach (var (i, step) in _left.Index())
        {
            switch (step.Kind)
            {
                case StepKind.Write or StepKind.StartOver when i >= start:
                    await DoAsync(step);
                    break;
                case StepKind.Enqueue:
                    await EnqueueAsync(step.Records);
                    break;
                case StepKind.Dequeue when _transaction is null:
                    await TryDequeueAsync();
                    break;
            }
        }
        _left.Clear();
    }

    private async Task TakeOverAsync()
    {
        await AbandonAsync();
        await harness.ExpireAsync(target.Stream);
        var stopped = _writer!;
        _writer = await harness.Destination.OpenAsync(target, default);
        (await Should.ThrowAsync<DestinationException>(() => RetriedAsync(() => stopped.BeginAsync(default)))).Fault.ShouldBe(DestinationFault.LeaseLost);
        await stopped.DisposeAsync();
        _isCut = false;
        _writer.Checkpoint.ShouldBe(_checkpoint);
    }

    private async Task AlterAsync(Step step)
    {
        var columns = await harness.ColumnsAsync(target.Table);
        var (isThere, comparison) = (columns.Any(c => string.Equals(c.Name, step.Field, StringComparison.Ordinal)), harness.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        switch (step.Kind)
        {
            case StepKind.AddColumn when columns.Count > 0 && !columns.Any(c => c.Name.StartsWith(step.Field, comparison)):
                await harness.ExecuteAsync($"ALTER TABLE \"{target.Table}\" ADD COLUMN \"{step.Field}\" TEXT");
                break;
            case StepKind.DropColumn when isThere && columns.Count > 1:
                await harness.ExecuteAsync($"ALTER TABLE \"{target.Table}\" DROP COLUMN \"{step.Field}\"");
                _naive.Committed.Forget(step.Field);
                break;
            case StepKind.DropTable when columns.Count > 0:
                await harness.ExecuteAsync($"DROP TABLE \"{target.Table}\"");
                _naive.Committed.Table.Clear();
                // Whoever knew the table that is gone goes no further.
                (await Should.ThrowAsync<DestinationException>(() => RetriedAsync(CommitNothingAsync))).Fault.ShouldBe(DestinationFault.Fatal);
                await ReopenAsync();
                break;
        }
    }

    private async Task<int> CommitNothingAsync()
    {
        await using var transaction = await _writer!.BeginAsync(default);
        _isCut = false;
        await transaction.CommitAsync(_checkpoint with { BatchNumber = _checkpoint.BatchNumber + 1 }, default);
        return 0;
    }

    private async Task ReopenAsync()
    {
        await _writer!.DisposeAsync();
        // Whoever has lost his connection can't give the lease back: it ends by itself.
        if (_isCut) await harness.ExpireAsync(target.Stream);
        _writer = await harness.Destination.OpenAsync(target, default);
        _writer.Checkpoint.ShouldBe(_checkpoint);
    }

    private async Task EnqueueAsync(IEnumerable<string> items) =>
        await (await TransactionAsync()).EnqueueAsync(QueueName, [.. items.Select(r => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(r))], default);

    private async Task<bool> TryDequeueAsync()
    {
        var items = await RetriedAsync(() => _writer!.PeekAsync(QueueName, 0, 1, default));
        if (items.Count == 0) return false;
        await (await TransactionAsync()).DequeueAsync(QueueName, items[0].Number, default);
        return true;
    }

    private async Task<IBatchTransaction> TransactionAsync()
    {
        _transaction ??= await RetriedAsync(() => _writer!.BeginAsync(default));
        _isCut = false;
        return _transaction;
    }

    // A connection that was cut between two calls is noticed by the next one, and only by that.
    private static async Task<T> RetriedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            return await call();
        }
    }

    private async Task CompareAsync()
    {
        var stored = (await harness.ReadAsync(target.Table)).Select(Line).Order(StringComparer.Ordinal);
        stored.ShouldBe(_naive.Committed.Table.Values.Select(NaiveRows.WithoutNulls).Select(Line).Order(StringComparer.Ordinal));
        (await harness.Destination.ReadCheckpointAsync(target.PipelineName, target.Stream, default)).ShouldBe(_checkpoint);
        var queue = await RetriedAsync(() => _writer!.PeekAsync(QueueName, 0, 1000, default));
        queue.Select(q => Canonical.OfJson(Encoding.UTF8.GetString(q.Json.Span))).ShouldBe(_naive.Committed.Queue.Select(Canonical.OfJson));
    }

    private static string Line(Dictionary<string, string> row) =>
        string.Join(" | ", row.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value}")));
}
