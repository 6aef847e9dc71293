using Tidemark.Checkpoints;
using Tidemark.Destinations;

namespace Tidemark.Conformance.Pushing;

/// <summary>A real destination whose shared transactions begin when a gate is open, and whose answers may be lost.</summary>
internal sealed class GatedDestination(IDestination inner) : IDestination
{
    private readonly Queue<DestinationException> _beforeBegin = new();
    private TaskCompletionSource _gate = Opened();
    private int _lostCommits;
    private int _waiting;

    /// <summary>How many transactions have begun.</summary>
    public int Begun { get; private set; }

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.SetResult();

    /// <summary>Waits until a transaction stands before the closed gate.</summary>
    public async Task UntilHeldAsync()
    {
        while (Volatile.Read(ref _waiting) == 0) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
    }

    /// <summary>The next transactions don't begin.</summary>
    public void FailWith(params DestinationFault[] faults)
    {
        foreach (var fault in faults) _beforeBegin.Enqueue(new DestinationException(fault, $"made up: {fault}") { IsUnreachable = fault == DestinationFault.Temporary });
    }

    /// <summary>The next commits go through, but nobody is told.</summary>
    public void LoseCommits(int count) => _lostCommits = count;

    public async Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken) =>
        new Writer(this, await inner.OpenSharedAsync(targets, options, cancellationToken));

    public Task<string> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

    public Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken) => inner.OpenAsync(target, cancellationToken);

    public Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken) => inner.ReadCheckpointAsync(pipeline, stream, cancellationToken);

    public Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken) =>
        inner.ReadSliceCheckpointsAsync(pipeline, stream, cancellationToken);

    public Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken) => inner.ObserveAsync(pipeline, cancellationToken);

    public Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken) => inner.ReadNewestAsync(target, limit, cancellationToken);

    public Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken) => inner.DescribeAsync(target, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.SetResult();
        return gate;
    }

    private sealed class Writer(GatedDestination owner, ISharedWriter inner) : ISharedWriter
    {
        public IReadOnlyList<SchemaChange> SchemaChanges => inner.SchemaChanges;

        public IReadOnlyCollection<string> FieldsOf(int target) => inner.FieldsOf(target);

        public Task PrepareAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken) => inner.PrepareAsync(records, cancellationToken);

        public async Task<ISharedTransaction> BeginAsync(SharedLook look, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref owner._waiting);
            await owner._gate.Task;
            Interlocked.Decrement(ref owner._waiting);
            if (owner._beforeBegin.TryDequeue(out var e)) throw e;
            var transaction = await inner.BeginAsync(look, cancellationToken);
            owner.Begun++;
            return new Transaction(owner, transaction);
        }

        public Task<bool> WasCommittedAsync(string token, CancellationToken cancellationToken) => inner.WasCommittedAsync(token, cancellationToken);

        public Task<long> ReadPositionAsync(string pipeline, string stream, CancellationToken cancellationToken) => inner.ReadPositionAsync(pipeline, stream, cancellationToken);

        public Task<long> PurgeAnswersAsync(CancellationToken cancellationToken) => inner.PurgeAnswersAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Transaction(GatedDestination owner, ISharedTransaction inner) : ISharedTransaction
    {
        public string Token => inner.Token;

        public IReadOnlyList<KeyState> Keys => inner.Keys;

        public IReadOnlyList<IReadOnlyList<bool>> References => inner.References;

        public Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken) => inner.WriteAsync(records, cancellationToken);

        public async Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
        {
            await inner.CommitAsync(answers, cancellationToken);
            if (owner._lostCommits-- > 0) throw new DestinationException(DestinationFault.Temporary, "made up: the answer to COMMIT was lost") { IsUnreachable = true };
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
