using System.Collections.Concurrent;
using Tidemark.Inboxes;
using Tidemark.Records;
using Tidemark.Sqlite.Inboxes;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite;

/// <summary>An inbox in an SQLite file of its own (WAL, an fsync at each commit). The file is made when the first batch comes.</summary>
public sealed class SqliteInbox : IInbox
{
    private readonly InboxFile _file;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _opening = new(1);
    private volatile bool _isOpen;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _accepted = new(StringComparer.Ordinal);

    // Guarded by the lock: what is on disk, and bytes that are about to be.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _arriving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InboxDepth> _depths = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Describes an inbox; nothing is opened before the first call.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pipeline">The pipeline: others may use the same file.</param>
    /// <param name="time">The clock.</param>
    public SqliteInbox(string path, string pipeline, TimeProvider time) => (_path, _time, _file) = (path, time, new InboxFile(path, pipeline));

    /// <inheritdoc/>
    public long MaxSize { get; set; } = 1L << 30;

    /// <summary>How often it was committed; each is an fsync.</summary>
    internal long Commits => _file.Commits;

    /// <inheritdoc/>
    public IReadOnlyList<InboxDepth> Depths
    {
        get
        {
            lock (_lock) return [.. _depths.Values.Where(d => d.Batches > 0).OrderBy(d => d.Stream, StringComparer.Ordinal)];
        }
    }

    /// <summary>What waits in a file, for somebody who only looks, whoever has it; nothing is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <exception cref="InboxException">It can't be read.</exception>
    public static IReadOnlyList<InboxDepth> Look(string path, string pipeline)
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var database = Database.OpenReadable(path);
            return database.Count("PRAGMA user_version") == 0 ? [] : new InboxTables(database, pipeline).Depths();
        }
        catch (SqliteError e)
        {
            throw new InboxException(isFull: false, $"the inbox can't be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken) => _isOpen || !File.Exists(_path) || await TryOpenAsync(cancellationToken);

    /// <inheritdoc/>
    public bool Holds(string stream)
    {
        lock (_lock) return _depths.TryGetValue(stream, out var depth) && depth.Batches > 0;
    }

    /// <inheritdoc/>
    public async Task AddAsync(InboxPart part, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        await NeedAsync(cancellationToken);
        Reserve(part, payload.Length);
        try
        {
            await _file.DoAsync(isWrite: true, tables =>
            {
                tables.Add(part, payload.Span);
                return true;
            });
        }
        catch
        {
            Release(part, payload.Length);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task AcceptAsync(InboxBatch batch, InboxPart? last, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await NeedAsync(CancellationToken.None);
        if (last is not null) Reserve(last, payload.Length);
        try
        {
            // By the clock, so that an inbox that was deleted is not followed by one with the same positions.
            var least = (batch.AcceptedAt.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
            await _file.DoAsync(isWrite: true, tables =>
            {
                if (last is not null) tables.Add(last, payload.Span);
                tables.Accept(batch, least);
                return true;
            });
        }
        catch
        {
            if (last is not null) Release(last, payload.Length);
            throw;
        }
        lock (_lock)
        {
            _arriving.Remove(batch.Id, out var arrived);
            var depth = _depths.GetValueOrDefault(batch.Stream) ?? new InboxDepth(batch.Stream, 0, 0, 0, Oldest: null);
            _depths[batch.Stream] = depth with { Batches = depth.Batches + 1, Records = depth.Records + batch.Records, Bytes = depth.Bytes + arrived, Oldest = depth.Batches == 0 ? batch.AcceptedAt : depth.Oldest };
        }
        SignalOf(batch.Stream).Release();
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(string batchId)
    {
        if (!_isOpen) return;
        await _file.DoAsync(isWrite: true, tables =>
        {
            tables.Discard(batchId);
            return true;
        });
        lock (_lock)
        {
            if (_arriving.Remove(batchId, out var arrived)) _bytes -= arrived;
        }
    }

    /// <inheritdoc/>
    public async Task<InboxBatch?> FindAsync(string batchId) => await IsThereAsync() ? await _file.DoAsync(isWrite: false, tables => tables.Find(batchId)) : null;

    /// <inheritdoc/>
    public async Task<InboxBatch?> FindAsync(string scope, string key) => await IsThereAsync() ? await _file.DoAsync(isWrite: false, tables => tables.Find(scope, key)) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxPart>> ListPartsAsync(string batchId) => await IsThereAsync() ? await _file.DoAsync(isWrite: false, tables => tables.Parts(batchId)) : [];

    /// <inheritdoc/>
    public async Task<(InboxBatch Batch, InboxPart Part, PooledBuffer Payload)> TakeAsync(string stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Holds(stream) && await _file.DoAsync(isWrite: false, tables => tables.First(stream)) is { } first) return first;
            await SignalOf(stream).WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(InboxPart part, string? problem)
    {
        ArgumentNullException.ThrowIfNull(part);
        var (batch, freed, next) = await _file.DoAsync(isWrite: true, tables =>
        {
            var (bytes, ended) = tables.Complete(part, problem, _time.GetUtcNow());
            var batch = tables.Find(part.BatchId)!;
            return (batch, bytes, ended ? tables.OldestOf(batch.Stream) : null);
        });
        lock (_lock)
        {
            _bytes -= freed;
            var depth = _depths[batch.Stream];
            depth = depth with { Bytes = depth.Bytes - freed };
            _depths[batch.Stream] = batch.EndedAt is null ? depth : depth with { Batches = depth.Batches - 1, Records = depth.Records - batch.Records, Oldest = next };
        }
    }

    /// <inheritdoc/>
    public async Task PurgeAsync(DateTimeOffset before)
    {
        if (!_isOpen) return;
        await _file.DoAsync(isWrite: true, tables =>
        {
            tables.Purge(before);
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _opening.Dispose();
        foreach (var signal in _accepted.Values) signal.Dispose();
    }

    private async Task<bool> IsThereAsync() => _isOpen || (File.Exists(_path) && await TryOpenAsync(CancellationToken.None));

    private async Task NeedAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen && !await TryOpenAsync(cancellationToken))
            throw new InboxException(isFull: false, $"another server of this pipeline has the inbox '{_path}': asynchronous posts go to that one, or wait until it ends");
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_isOpen) return true;
            if (!_file.TryOpen()) return false;
            foreach (var depth in await _file.DoAsync(isWrite: false, tables => tables.Depths()))
            {
                lock (_lock)
                {
                    _depths[depth.Stream] = depth;
                    _bytes += depth.Bytes;
                }
                SignalOf(depth.Stream).Release();
            }
            // At this point what was there is counted: nobody adds to it before.
            _isOpen = true;
            return true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private void Reserve(InboxPart part, long bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > MaxSize)
                throw new InboxException(isFull: true, $"the inbox holds {_bytes} bytes that are not delivered yet, and {bytes} more are beyond its {MaxSize} (max_inbox_size): nothing of this post was kept, come again");
            _bytes += bytes;
            _arriving[part.BatchId] = _arriving.GetValueOrDefault(part.BatchId) + bytes;
        }
    }

    private void Release(InboxPart part, long bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
            _arriving[part.BatchId] = _arriving.GetValueOrDefault(part.BatchId) - bytes;
        }
    }

    private SemaphoreSlim SignalOf(string stream) => _accepted.GetOrAdd(stream, _ => new SemaphoreSlim(0));
}
