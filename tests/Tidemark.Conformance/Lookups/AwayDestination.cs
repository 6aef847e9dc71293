using Tidemark.Checkpoints;
using Tidemark.Destinations;

namespace Tidemark.Conformance.Lookups;

/// <summary>A destination that can be taken away, as far as a lookup reads and writes it.</summary>
internal sealed class AwayDestination(IDestination inner) : IDestination
{
    private int _finds;

    public bool IsAway { get; set; }

    /// <summary>How many queries for rows there were.</summary>
    public int Finds => Volatile.Read(ref _finds);

    /// <summary>How many rows each delete took.</summary>
    public List<long> Deletes { get; } = [];

    public Task<string> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

    public Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken) => inner.OpenAsync(target, cancellationToken);

    public Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken)
    {
        Check();
        return inner.OpenSharedAsync(targets, options, cancellationToken);
    }

    public string Kind => inner.Kind;

    public Task MigrateAsync(IReadOnlyList<TableMigration> steps, CancellationToken cancellationToken) => inner.MigrateAsync(steps, cancellationToken);

    public ILookupTable OpenLookup(LookupTarget target) => new Table(this, inner.OpenLookup(target));

    public Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken) => inner.ReadCheckpointAsync(pipeline, stream, cancellationToken);

    public Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken) => inner.ReadSliceCheckpointsAsync(pipeline, stream, cancellationToken);

    public Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken) => inner.ObserveAsync(pipeline, cancellationToken);

    public Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken) => inner.ReadNewestAsync(target, limit, cancellationToken);

    public Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken) => inner.DescribeAsync(target, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Check()
    {
        if (IsAway) throw new DestinationException(DestinationFault.Temporary, "the database is away") { IsUnreachable = true };
    }

    private sealed class Table(AwayDestination owner, ILookupTable inner) : ILookupTable
    {
        public Task<IReadOnlyList<KeptRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
        {
            owner.Check();
            Interlocked.Increment(ref owner._finds);
            return inner.FindAsync(keys, cancellationToken);
        }

        public Task AddHitsAsync(IReadOnlyDictionary<string, long> hits, CancellationToken cancellationToken)
        {
            owner.Check();
            return inner.AddHitsAsync(hits, cancellationToken);
        }

        public async Task<long> DeleteAsync(DateTimeOffset? expiredBefore, int limit, CancellationToken cancellationToken)
        {
            owner.Check();
            var gone = await inner.DeleteAsync(expiredBefore, limit, cancellationToken);
            owner.Deletes.Add(gone);
            return gone;
        }

        public Task<KeptFigures> SummarizeAsync(DateTimeOffset now, DateTimeOffset overdueBefore, CancellationToken cancellationToken) => inner.SummarizeAsync(now, overdueBefore, cancellationToken);

        public Task<IReadOnlyDictionary<string, long>> CountByAsync(string table, string column, CancellationToken cancellationToken) => inner.CountByAsync(table, column, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
