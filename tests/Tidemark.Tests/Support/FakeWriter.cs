using System.Threading.Channels;
using Tidemark.Checkpoints;
using Tidemark.Destinations;

namespace Tidemark.Tests.Support;

/// <summary>A destination of one stream in memory; what is committed survives its writers, each of which sees the checkpoint as it was when it was opened.</summary>
internal sealed class FakeWriter : IStreamWriter, IDestination
{
    private readonly Channel<Checkpoint> _commits = Channel.CreateUnbounded<Checkpoint>();
    private readonly Channel<int> _renewals = Channel.CreateUnbounded<int>();
    private Checkpoint _disk = Checkpoint.None;

    public Faults Faults { get; set; } = new();

    public Func<string, bool> Refuses { get; init; } = static _ => false;

    /// <summary>Records that a newer version of the row holds back.</summary>
    public Func<string, bool>? Older { get; init; }

    /// <summary>What waits on disk.</summary>
    public List<(string Queue, ReadOnlyMemory<byte> Item)> Queued { get; } = [];

    /// <summary>The stream as it was opened last.</summary>
    public StreamTarget? Target { get; private set; }

    /// <summary>The rows on disk, in the order of their commits.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>The checkpoint on disk.</summary>
    public Checkpoint Disk
    {
        get => _disk;
        init => _disk = value;
    }

    public Checkpoint Checkpoint { get; private set; } = Checkpoint.None;

    public IReadOnlyCollection<string> Fields { get; init; } = [];

    public bool TableHadRows => Rows.Count > 0;

    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    public Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken) => Task.FromResult<TableDescription?>(null);

    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(10);

    public int CommitCount { get; private set; }

    public ValueTask<Checkpoint> NextCommitAsync() => _commits.Reader.ReadAsync();

    public ValueTask<int> NextRenewalAsync() => _renewals.Reader.ReadAsync();

    public Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        (Checkpoint, Target) = (_disk, target);
        return Task.FromResult<IStreamWriter>(this);
    }

    public Task RenewAsync(CancellationToken cancellationToken)
    {
        _renewals.Writer.TryWrite(Faults.Calls[Step.Renew] + 1).ShouldBeTrue();
        Faults.At(Step.Renew);
        return Task.CompletedTask;
    }

    public Task<IBatchTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        Faults.At(Step.Begin);
        return Task.FromResult<IBatchTransaction>(new FakeTransaction(Refuses, Faults, Commit, Older));
    }

    public Task<long> ReadBatchNumberAsync(CancellationToken cancellationToken)
    {
        Faults.At(Step.ReadBatchNumber);
        return Task.FromResult(_disk.BatchNumber);
    }

    public Task<IReadOnlyList<QueueItem>> PeekAsync(string queue, long after, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<QueueItem>>([.. Queued.Select((q, i) => (q.Queue, Item: new QueueItem(i + 1, q.Item))).Where(q => q.Queue == queue && q.Item.Number > after).Select(q => q.Item).Take(count)]);

    public Task<string> CheckAsync(CancellationToken cancellationToken) => Task.FromResult("a fake");

    public Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken) => Task.FromResult(_disk);

    public Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Commit(FakeTransaction transaction, Checkpoint checkpoint)
    {
        checkpoint.BatchNumber.ShouldBe(_disk.BatchNumber + 1, "each batch is committed once");
        Rows.AddRange(transaction.Rows);
        Queued.RemoveAll(q => transaction.Dequeued.Contains(q.Queue));
        Queued.AddRange(transaction.Enqueued);
        _disk = checkpoint;
        CommitCount++;
        _commits.Writer.TryWrite(checkpoint).ShouldBeTrue();
    }
}
