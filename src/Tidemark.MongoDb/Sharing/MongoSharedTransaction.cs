using Tidemark.Destinations;
using Tidemark.MongoDb.Leases;

namespace Tidemark.MongoDb.Sharing;

/// <summary>What a shared writer writes between a look and its answers. It is no transaction of MongoDB's: documents that are merged stay, whatever follows; those that are appended are taken away again.</summary>
internal sealed class MongoSharedTransaction(MongoSharedWriter writer, SharedLook look, IReadOnlyList<SharedCollection> collections) : ISharedTransaction
{
    private bool _wrote;
    private bool _ended;

    public required string Token { get; init; }

    public required IReadOnlyList<KeyState> Keys { get; init; }

    public required IReadOnlyList<IReadOnlyList<bool>> References { get; init; }

    /// <summary>The identities of what is appended.</summary>
    public required AppendScope Scope { get; init; }

    public async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        // All contracts first: where one does not hold, nothing is written.
        foreach (var part in records.Where(r => r.Count > 0)) await collections[part.Target].EnsureAsync(part, cancellationToken);
        _wrote = true;
        var parts = new List<PartlyWritten>(records.Count);
        foreach (var part in records) parts.Add(part.Count == 0 ? new PartlyWritten([], new Dictionary<int, string>()) : await collections[part.Target].WriteAsync(part, Scope, cancellationToken));
        return parts.TrueForAll(p => p.Refused.Count == 0) ? parts.ConvertAll(p => p.Written) : throw new RecordsRefusedException(parts);
    }

    public async Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        _ended = true;
        await writer.CommitAsync(this, look, NewKeys(), answers, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await writer.AbandonAsync(this, NewKeys(), _wrote);
    }

    private List<IdempotencyKey> NewKeys() => [.. look.Keys.Where((_, i) => Keys[i].Status == KeyStatus.New)];

    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
    }
}
