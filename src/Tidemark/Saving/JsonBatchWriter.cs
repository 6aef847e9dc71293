using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Pushing;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Saving;

/// <summary>
/// Writes JSON objects in batches: adding returns at once, the database sees few transactions, and nothing that was acknowledged is lost, whatever crashes. Safe for any number of
/// producers; bounded: a database that is slower than they are makes them wait.
/// </summary>
/// <remarks>
/// <para>1. Items fill the open batch. It closes when <see cref="BatchWriterOptions.Count"/> wait, by bytes, by age, or by <see cref="FlushAsync"/>.</para>
/// <para>2. The one writing task takes it and commits it; the next one fills meanwhile, up to <see cref="BatchWriterOptions.MaxCount"/>, and is taken as a whole then.</para>
/// <para>3. An item that the database refuses is found by halving, and stands alone; the others are written. Errors that may pass are tried again.</para>
/// <para>4. Receipts of the batch complete. Batches are committed in the order in which items were added.</para>
/// </remarks>
public sealed class JsonBatchWriter : IAsyncDisposable
{
    private readonly BatchWriterOptions _options;
    private readonly StreamTarget _target;
    private readonly IDestination _destination;
    private readonly SharedCommit _commit;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly BatchWriterCounts _counts;
    private OpenBatch? _open;
    private Ticket? _writing;
    private KnownFields? _known;
    private TaskCompletionSource _room = NewSignal();
    private TaskCompletionSource _changed = NewSignal();
    private bool _isDue;
    private bool _isClosed;
    private Exception? _failure;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a writer; nothing is connected before the first item.</summary>
    /// <param name="options">Where, and when.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public JsonBatchWriter(BatchWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, _target, _counts) = (options, options.Target, new BatchWriterCounts(options.Time));
        _destination = options.Destination.Open(new DestinationServices { CompareCursors = CursorKinds.Compare, Time = options.Time });
        _commit = new SharedCommit(_destination, [_target], new SharedOptions { WithRowIds = options.WithRowIds }, TemporaryFaults.Retry(options.Time, options.Random, _counts.AddRetry));
    }

    /// <summary>What was done so far, and what waits.</summary>
    public BatchWriterStatistics Statistics
    {
        get
        {
            lock (_lock) return _counts.Statistics(_open is { Count: > 0 } open ? _options.Time.GetElapsedTime(open.OpenedAt) : TimeSpan.Zero);
        }
    }

    /// <summary>Adds an item; waits while there is no room. The first call connects.</summary>
    /// <param name="json">A JSON object, UTF-8; it is copied.</param>
    /// <param name="cancellationToken">Ends the wait; the item is not added then.</param>
    /// <returns>A receipt as soon as it is queued. What is no JSON object has one too, which fails.</returns>
    /// <exception cref="DestinationException">The database can't be reached, or the table can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The writer is closed.</exception>
    public ValueTask<Receipt> AddAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken = default) => AddAsync(json, number: null, cancellationToken);

    /// <summary>Adds an item under a number of the caller's, such as the line that it came from.</summary>
    /// <param name="json">A JSON object, UTF-8; it is copied.</param>
    /// <param name="number">What its receipt, or its rejection, is to say; null: how many were added with it.</param>
    /// <param name="cancellationToken">Ends the wait; the item is not added then.</param>
    /// <inheritdoc cref="AddAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask<Receipt> AddAsync(ReadOnlyMemory<byte> json, long? number, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (TryAdd(json.Span, number) is { } receipt) return ValueTask.FromResult(receipt);
        }
        return WaitAndAddAsync(json, number, cancellationToken);
    }

    /// <summary>Closes the open batch, and waits until all that was added before is on disk.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DestinationException">The database did not take it.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        Task last;
        lock (_lock)
        {
            if (_failure is not null) return Task.FromException(_failure);
            // Batches are written one after the other: with the last one all are done.
            last = _open is { Count: > 0 } open ? open.Ticket.Done : _writing?.Done ?? Task.CompletedTask;
            _isDue = _open is { Count: > 0 };
            if (_isDue) SignalUnderLock();
        }
        return last.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what waits, and closes. What could not be written is told by its receipts.</summary>
    public async ValueTask DisposeAsync()
    {
        Task loop;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            SignalUnderLock();
            // Who waits for room is told.
            _room.TrySetResult();
            loop = _loop;
        }
        await loop;
        _open?.Dispose();
        await _commit.DisposeAsync();
        await _destination.DisposeAsync();
        _opening.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Null while there is no room, or before the first one.
    private Receipt? TryAdd(ReadOnlySpan<byte> json, long? number)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_failure is not null) throw _failure;
        if (_open is null || (_open.Count > 0 && (_open.Count >= _options.MaxCount || _open.Bytes + json.Length > _options.MaxBytes))) return null;
        var receipt = _open.Add(json, number ?? ++_counts.Added, _options.Time.GetTimestamp());
        if (number is not null) _counts.Added++;
        // The first one starts the clock of its batch.
        if (_open.Count == 1 || IsFullUnderLock()) SignalUnderLock();
        return receipt;
    }

    private async ValueTask<Receipt> WaitAndAddAsync(ReadOnlyMemory<byte> json, long? number, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (TryAdd(json.Span, number) is { } receipt) return receipt;
                // What does not fit goes into the next batch.
                _isDue = true;
                SignalUnderLock();
                room = _room.Task;
            }
            await room.WaitAsync(cancellationToken);
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _known) is not null) return;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _known) is not null) return;
            var writer = await _commit.OpenAsync(cancellationToken);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                var known = new KnownFields(writer.FieldsOf(0));
                _open = new OpenBatch(_target.Schema, known);
                Volatile.Write(ref _known, known);
                // Task.Run, as a database may do its work on the thread that calls.
                _loop = Task.Run(WriteAllAsync, CancellationToken.None);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private bool IsFullUnderLock() => _open!.Count >= _options.Count || _open.Bytes >= _options.MaxBytes;

    private void SignalUnderLock() => _changed.TrySetResult();

    private async Task WriteAllAsync()
    {
        while (await NextAsync() is { } batch)
        {
            using (batch)
            {
                // What comes behind a batch that was not taken must not be there without it.
                if (_failure is { } before) Fail(batch, before);
                else await WriteAsync(batch);
            }
            lock (_lock) _writing = null;
        }
    }

    // Waits until the open batch is due, and takes it; null at the end.
    private async Task<OpenBatch?> NextAsync()
    {
        while (true)
        {
            Task changed;
            TimeSpan wait;
            lock (_lock)
            {
                var open = _open!;
                wait = open.Count == 0 ? Timeout.InfiniteTimeSpan : _options.Period - _options.Time.GetElapsedTime(open.OpenedAt);
                if (open.Count > 0 && (_isDue || _isClosed || IsFullUnderLock() || wait <= TimeSpan.Zero)) return TakeUnderLock();
                if (_isClosed) return null;
                if (_changed.Task.IsCompleted) _changed = NewSignal();
                changed = _changed.Task;
            }
            if (wait == Timeout.InfiniteTimeSpan) await changed;
            else await changed.WaitAsync(wait, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private OpenBatch TakeUnderLock()
    {
        var taken = _open!;
        _open = new OpenBatch(_target.Schema, _known!);
        (_writing, _isDue) = (taken.Ticket, false);
        var room = _room;
        _room = NewSignal();
        room.TrySetResult();
        return taken;
    }

    private async Task WriteAsync(OpenBatch batch)
    {
        try
        {
            var (outcomes, rejected) = await CommitAsync(batch);
            lock (_lock) _counts.AddWritten(outcomes, rejected);
            batch.Ticket.Complete(outcomes, rejected);
        }
        catch (Exception e)
        {
            // Whatever it is, those who wait must hear of it, and the next batch may fare better.
            Fail(batch, e);
        }
    }

    private void Fail(OpenBatch batch, Exception e)
    {
        lock (_lock)
        {
            _counts.AddFailed(batch.Count);
            if (_options.StopsOnFailure) _failure ??= e;
        }
        batch.Ticket.Fail(e);
    }

    private Task<(WrittenRecord[] Outcomes, IReadOnlyDictionary<int, string> Rejected)> CommitAsync(OpenBatch batch)
    {
        TableRecords[] parts = batch.Records.Count == 0 ? [] : [new(0, batch.Records)];
        return _commit.RunAsync(parts, SharedLook.Nothing, async (transaction, token) =>
        {
            var result = parts.Length == 0 ? new SharedHalvingResult([], []) : (await Halving.WriteAsync(transaction, parts, token))[0];
            var outcomes = new WrittenRecord[batch.Count];
            for (var row = 0; row < result.Written.Count; row++) outcomes[batch.ItemOf(row)] = result.Written[row];
            List<(int Item, byte[] Payload, string Reason)> rejected =
                [.. batch.Refused.Concat(result.Refused.Select(r => (batch.ItemOf(r.Row), batch.Records.Payload(r.Row).ToArray(), r.Reason))).OrderBy(r => r.Item1)];
            if (rejected.Count > 0 && _options.KeepRejected is { } keep) await keep(rejected.ConvertAll(r => new RejectedItem(batch.NumberOf(r.Item), r.Payload, r.Reason)), token);
            return ((outcomes, (IReadOnlyDictionary<int, string>)rejected.ToDictionary(r => r.Item, r => r.Reason)), (IReadOnlyList<StoredAnswer>)[]);
        }, CancellationToken.None);
    }
}
