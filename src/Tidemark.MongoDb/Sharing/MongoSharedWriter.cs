using System.Globalization;
using Tidemark.Destinations;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Sharing;

/// <summary>Writes collections without a lease, over a session of its own.</summary>
internal sealed class MongoSharedWriter : ISharedWriter
{
    private readonly MongoServer _server;
    private readonly MongoSession _session;
    private readonly string _owner;
    private readonly SharedCollection[] _collections;
    private readonly IReadOnlyCollection<string>[] _fields;
    private readonly SchemaChangeList _changes = new();
    private readonly List<AppendScope> _left = [];
    private readonly MongoReferences _references = new();
    private (string Token, IReadOnlyList<IdempotencyKey> Answered, SharedPosition? Position)? _undecided;
    private string? _committed;
    private bool _disposed;

    private MongoSharedWriter(MongoServer server, MongoSession session, IReadOnlyList<StreamTarget> targets, DestinationServices services)
    {
        (_server, _session, _owner) = (server, session, LeaseOwner.Current(services.Time));
        _collections = [.. targets.Select(t => new SharedCollection(session, t, services))];
        _fields = new IReadOnlyCollection<string>[_collections.Length];
    }

    public IReadOnlyList<SchemaChange> SchemaChanges => _changes.All;

    /// <summary>Opens one; the session is the writer's from now on, if it succeeds.</summary>
    public static async Task<MongoSharedWriter> OpenAsync(MongoServer server, MongoSession session, IReadOnlyList<StreamTarget> targets, DestinationServices services, CancellationToken cancellationToken)
    {
        var writer = new MongoSharedWriter(server, session, targets, services);
        for (var i = 0; i < writer._collections.Length; i++)
        {
            await writer._collections[i].Map.LoadAsync(session, cancellationToken);
            writer._fields[i] = [.. writer._collections[i].Map.Fields.Keys];
            await writer._collections[i].EnsureIndexesAsync(cancellationToken);
        }
        return writer;
    }

    public IReadOnlyCollection<string> FieldsOf(int target) => _fields[target];

    public async Task PrepareAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            foreach (var part in records.Where(r => r.Count > 0)) await _collections[part.Target].EnsureAsync(part, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault is DestinationFault.Record or DestinationFault.Guard)
        {
            // Which records it is, and what becomes of the others, shows when they are written.
        }
    }

    public async Task<ISharedTransaction> BeginAsync(SharedLook look, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await UndoLeftAsync(cancellationToken);
        _undecided = null;
        var token = Guid.NewGuid().ToString("n");
        if (look.Position is { } position)
        {
            if (position.Expected == 0) await CheckpointCollection.EnsureAsync(_session, position.PipelineName, position.Stream, SharedPosition.Slice, cancellationToken);
            if (await ReadPositionAsync(position.PipelineName, position.Stream, cancellationToken) != position.Expected) throw SharedPosition.Lost(position);
        }
        var keys = await MongoIdempotency.ClaimAsync(_session, look.Keys, token, _owner, cancellationToken);
        try
        {
            var references = new List<IReadOnlyList<bool>>(look.References.Count);
            foreach (var query in look.References) references.Add(await _references.FindAsync(_session, query, cancellationToken));
            return new MongoSharedTransaction(this, look, _collections) { Token = token, Keys = keys, References = references, Scope = ScopeOf(look, token) };
        }
        catch (DestinationException)
        {
            await TryReleaseAsync([.. look.Keys.Where((_, i) => keys[i].Status == KeyStatus.New)], token);
            throw;
        }
    }

    public async Task<bool> WasCommittedAsync(string token, CancellationToken cancellationToken)
    {
        if (string.Equals(_committed, token, StringComparison.Ordinal)) return true;
        if (_undecided is not { } open || !string.Equals(open.Token, token, StringComparison.Ordinal)) return false;
        await using var fresh = await _server.ConnectAsync(cancellationToken);
        if (open.Position is { } position && await CheckpointCollection.ReadPositionAsync(fresh, position.PipelineName, position.Stream, cancellationToken) != position.Next) return false;
        return open.Answered.Count == 0 ? open.Position is not null : await MongoIdempotency.IsAnsweredAsync(fresh, open.Answered[^1], token, cancellationToken);
    }

    public Task<long> ReadPositionAsync(string pipeline, string stream, CancellationToken cancellationToken) => CheckpointCollection.ReadPositionAsync(_session, pipeline, stream, cancellationToken);

    public async Task<long> PurgeAnswersAsync(CancellationToken cancellationToken)
    {
        // A collection that somebody has dropped is there again without its index: as soon as the next post has come.
        foreach (var collection in _collections) await collection.EnsureIndexesAsync(cancellationToken);
        return await MongoIdempotency.PurgeAsync(_session, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            await UndoLeftAsync(CancellationToken.None);
        }
        catch (DestinationException)
        {
            // What nobody was told of stays.
        }
        foreach (var collection in _collections) collection.Dispose();
        await _session.DisposeAsync();
    }

    /// <summary>Keeps answers and moves the position. Documents are written at this point.</summary>
    internal async Task CommitAsync(MongoSharedTransaction transaction, SharedLook look, IReadOnlyList<IdempotencyKey> claimed, IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
    {
        var answered = answers.Select(a => a.Key).ToHashSet();
        if (answers.Count + claimed.Count > 0 || look.Position is not null) _undecided = (transaction.Token, [.. answers.Select(a => a.Key)], look.Position);
        await MongoIdempotency.KeepAsync(_session, answers, [.. claimed.Where(k => !answered.Contains(k))], transaction.Token, cancellationToken);
        if (look.Position is { } position && !await CheckpointCollection.TryMoveAsync(_session, position, cancellationToken)) throw SharedPosition.Lost(position);
        (_committed, _undecided) = (transaction.Token, null);
        foreach (var collection in _collections) _changes.Add(collection.Map.TakeChanges());
    }

    /// <summary>Gives claims back, and takes away what was appended; at the latest before the next transaction begins.</summary>
    internal async Task AbandonAsync(MongoSharedTransaction transaction, IReadOnlyList<IdempotencyKey> claimed, bool wrote)
    {
        await TryReleaseAsync(claimed, transaction.Token);
        if (!wrote || !Array.Exists(_collections, c => c.Appends)) return;
        _left.Add(transaction.Scope);
        try
        {
            await UndoLeftAsync(CancellationToken.None);
        }
        catch (DestinationException)
        {
            // Once the server is back.
        }
    }

    // What an inbox delivers has the same identity however often it is delivered; of posts nobody but this transaction knows.
    private static AppendScope ScopeOf(SharedLook look, string token) => look.Position is { } position
        ? new AppendScope(0, "inbox", position.PipelineName, position.Stream, position.Expected.ToString(CultureInfo.InvariantCulture))
        : new AppendScope(0, token);

    private async Task UndoLeftAsync(CancellationToken cancellationToken)
    {
        while (_left is [var scope, ..])
        {
            foreach (var collection in _collections.Where(c => c.Appends)) await scope.UndoAsync(_session, collection.Name, cancellationToken);
            _left.RemoveAt(0);
        }
    }

    private async Task TryReleaseAsync(IReadOnlyList<IdempotencyKey> claimed, string token)
    {
        try
        {
            await MongoIdempotency.KeepAsync(_session, [], claimed, token, CancellationToken.None);
        }
        catch (DestinationException)
        {
            // They end by themselves.
        }
    }
}
