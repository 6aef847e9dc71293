using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Tests.Support;

/// <summary>A transaction whose rows are the texts of the records; some it refuses.</summary>
internal sealed class FakeTransaction(Func<string, bool> refuses, Faults? faults = null, Action<FakeTransaction, Checkpoint>? commit = null, Func<string, bool>? older = null) : IBatchTransaction
{
    private readonly Faults _faults = faults ?? new Faults();

    public List<string> Rows { get; } = [];

    public List<(string Queue, ReadOnlyMemory<byte> Item)> Enqueued { get; } = [];

    /// <summary>Each call: the rows that it was asked to write.</summary>
    public List<(int Start, int Count)> Attempts { get; } = [];

    public Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        _faults.At(Step.Write);
        Attempts.Add((start, count));
        var rows = Enumerable.Range(start, count).Select(r => Encoding.UTF8.GetString(batch.Payload(r))).ToList();
        if (rows.Find(r => refuses(r)) is { } bad) throw new DestinationException(DestinationFault.Record, $"refused {bad}");
        if (older is not null && rows.TrueForAll(r => older(r))) return Task.FromResult(new WriteCounts(0, 0, count, count));
        Rows.AddRange(rows);
        return Task.FromResult(new WriteCounts(count, 0, 0));
    }

    public Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        _faults.At(Step.CommitLost);
        commit?.Invoke(this, checkpoint);
        _faults.At(Step.CommitAnswerLost);
        return Task.CompletedTask;
    }

    public Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        Enqueued.AddRange(items.Select(i => (queue, i)));
        return Task.CompletedTask;
    }

    public List<string> Dequeued { get; } = [];

    public Task DequeueAsync(string queue, long through, CancellationToken cancellationToken)
    {
        Enqueued.ShouldBeEmpty("what is put into a queue in this transaction must not be taken out with the rest");
        Dequeued.Add(queue);
        return Task.CompletedTask;
    }

    public Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task StartOverAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
