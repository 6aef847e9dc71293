using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Lookups.Alerts;
using Tidemark.Lookups.Buying;
using Tidemark.Lookups.Keeping;
using Tidemark.Lookups.Keys;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Lookups.Asking;

/// <summary>
/// A metered API's answers, kept in a table and reused: from memory, else from the table, else bought, once for all who ask at the same time, in this process and in others. Safe for any
/// number of tasks.
/// </summary>
/// <remarks>
/// <para>Hits are counted in memory and written in bulk: nobody waits for a write. Disposing writes what waits.</para>
/// <para>Errors are <see cref="LookupInputException"/> (nothing was spent) and <see cref="LookupException"/>.</para>
/// </remarks>
public sealed class Lookup : IAsyncDisposable
{
    private const int Chunk = 1000;

    private readonly LookupParts _parts;
    private readonly KeyMaker _keys;
    private readonly Buyer _buyer;
    private readonly ILookupTable _table;
    private readonly CountFlusher _flusher;
    private readonly HistoryLog? _history;
    private readonly AlertWatch _watch;
    private readonly string _pipeline;
    private readonly string _process = Guid.NewGuid().ToString("n");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource<KeyOutcome>> _flights = new(StringComparer.Ordinal);
    private readonly double _expectedCost;
    private readonly IDestination _destination;
    private Task? _prepared;
    private long _flightNumber;
    private int _flying;
    private TaskCompletionSource? _landed;

    internal Lookup(LookupDefinition definition, string pipeline, ISource source, double expectedCost, IDestination destination, ILookupStore store, TimeProvider time, Random random, ILogger log)
    {
        (Definition, _pipeline, _expectedCost, _destination) = (definition, pipeline, expectedCost, destination);
        _keys = new KeyMaker(definition.Params, definition.Key, definition.KeyRest, definition.History?.Params ?? []);
        _table = destination.OpenLookup(LookupTables.ReadOf(definition));
        var ledger = new HitLedger();
        var id = $"{pipeline}/{definition.Name}";
        _parts = new LookupParts
        {
            Definition = definition,
            Id = id,
            Store = store,
            Source = new AnswerSource(definition, source, time),
            Finder = new RowFinder(_table, ledger, definition.Timeout, time),
            Writer = new RowWriter(destination, LookupTables.AnswersOf(pipeline, definition), time, random),
            Maker = new RowMaker(definition.Columns),
            Memory = new AnswerMemory(definition.Memory),
            Ledger = ledger,
            Prepare = PrepareAsync,
            Labels = new StreamLabels(pipeline, definition.Name, definition.Source ?? ""),
            Time = time,
            Random = random,
            Log = log,
        };
        _buyer = new Buyer(_parts);
        _flusher = new CountFlusher(definition, id, _table, store, ledger, _parts.Memory, time, log);
        _watch = new AlertWatch(id, store, _parts.Labels, time);
        _history = definition.History is { } history ? new HistoryLog(definition, history, pipeline, destination, time, random, log) : null;
    }

    /// <summary>What the user described.</summary>
    public LookupDefinition Definition { get; }

    /// <summary>Bytes of answers in memory.</summary>
    public long MemoryBytes => _parts.Memory.Bytes;

    /// <summary>The key of parameters by name, as a query has them.</summary>
    /// <param name="texts">Names with values.</param>
    /// <exception cref="LookupInputException">They can't be a key of this lookup.</exception>
    public LookupKey KeyOf(IEnumerable<KeyValuePair<string, string>> texts) => _keys.Of(texts);

    /// <summary>The key of a JSON object of parameters, or of a single value where there is one parameter.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="LookupInputException">It can't be a key of this lookup.</exception>
    public LookupKey KeyOf(JsonElement json) => _keys.Of(json);

    /// <summary>The answer to a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; what is being bought is bought.</param>
    /// <exception cref="LookupException">There is none, and no old one that may be served.</exception>
    public async ValueTask<LookupAnswer> GetAsync(LookupKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (FindInMemory(key) is { } kept) return kept;
        var answer = (await GetAsync([key], cancellationToken))[0];
        return answer.Problem is null ? answer : throw answer.Problem;
    }

    /// <summary>The answers to some keys, in their order; all that is not in memory is found with one query, and bought in as few calls as the source allows.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; what is being bought is bought.</param>
    /// <returns>The answers; one that can't be had says why.</returns>
    public async Task<IReadOnlyList<LookupAnswer>> GetAsync(IReadOnlyList<LookupKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var answers = new LookupAnswer?[keys.Count];
        List<(int Index, Task<KeyOutcome> Outcome, bool IsOurs)> waiting = [];
        List<LookupKey> ours = [];
        for (var i = 0; i < keys.Count; i++)
        {
            if ((answers[i] = FindInMemory(keys[i])) is not null) continue;
            lock (_lock)
            {
                // It may have landed since we looked.
                if ((answers[i] = FindInMemory(keys[i])) is not null) continue;
                var isOurs = !_flights.TryGetValue(keys[i].Text, out var flight);
                if (isOurs)
                {
                    _flights[keys[i].Text] = flight = new TaskCompletionSource<KeyOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
                    ours.Add(keys[i]);
                }
                waiting.Add((i, flight!.Task, isOurs));
            }
        }
        if (ours.Count > 0) Fly(ours);
        foreach (var (index, outcome, isOurs) in waiting) answers[index] = AnswerOf(await outcome.WaitAsync(cancellationToken), isOurs);
        _flusher.Look();
        return answers!;
    }

    /// <summary>Checks what history is to be told of a request; nothing where there is no history.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="request">What else is known.</param>
    /// <exception cref="LookupInputException">A value is none that it may be.</exception>
    public void CheckHistory(LookupKey key, LookupRequest request)
    {
        if (Definition.History is not { } history) return;
        HistoryLog.ValueOf("user_id", history.UserId, key, request);
        HistoryLog.ValueOf("source", history.Source, key, request);
    }

    /// <summary>Logs a request that was answered, off the caller's way; nothing where there is no history.</summary>
    /// <param name="key">What was asked.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="request">What else is known.</param>
    public void AddHistory(LookupKey key, LookupAnswer answer, LookupRequest request)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _history?.Add(key, answer, request);
    }

    /// <summary>Applies migrations, where there are any; once it has succeeded there is nothing to do. Asking does it by itself.</summary>
    /// <exception cref="DestinationException">The database is away, or a step failed.</exception>
    public Task PrepareAsync()
    {
        if (Definition.Migrations.Count == 0) return Task.CompletedTask;
        lock (_lock)
        {
            if (_prepared is null or { IsFaulted: true } or { IsCanceled: true })
            {
                var steps = Definition.Migrations.GetValueOrDefault(_destination.Kind)
                    ?? throw new DestinationException(DestinationFault.Fatal, $"the lookup '{Definition.Name}' has migrations for {string.Join(", ", Definition.Migrations.Keys)}, and none for {_destination.Kind}");
                // Task.Run: a database may do its work on the thread that calls.
                _prepared = Task.Run(() => _destination.MigrateAsync(steps, CancellationToken.None));
            }
            return _prepared;
        }
    }

    /// <summary>Writes the counts that wait.</summary>
    /// <returns>False if the database did not take them: they wait on.</returns>
    public Task<bool> FlushAsync() => _flusher.FlushAsync();

    /// <summary>Deletes what is past its time, stale answers that may still be served excepted, in chunks.</summary>
    /// <param name="cancellationToken">Stops after the chunk in hand.</param>
    /// <returns>How many rows are gone.</returns>
    /// <exception cref="DestinationException">The database is away.</exception>
    public Task<long> CleanUpAsync(CancellationToken cancellationToken) => DeleteAsync(_parts.Time.GetUtcNow() - Definition.StaleIfError, isEmptied: false, cancellationToken);

    /// <summary>Deletes all answers, here and, within a flush period, in the memory of other processes. History and counts stay.</summary>
    /// <param name="cancellationToken">Stops after the chunk in hand.</param>
    /// <returns>How many rows are gone.</returns>
    /// <exception cref="DestinationException">The database is away.</exception>
    public async Task<long> EmptyAsync(CancellationToken cancellationToken)
    {
        await FlushAsync();
        var gone = await DeleteAsync(expiredBefore: null, isEmptied: true, cancellationToken);
        _parts.Memory.Clear();
        return gone;
    }

    /// <summary>Tells how it stands: the table, what was counted, and the history, with one query each.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The database is away.</exception>
    public async Task<LookupFigures> SummarizeAsync(CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        var kept = await _table.SummarizeAsync(now, now - Definition.StaleIfError, cancellationToken);
        var counts = (await _parts.Store.ReadCountsAsync(_pipeline, cancellationToken)).GetValueOrDefault(Definition.Name);
        var searches = Definition.History is { } history ? await _table.CountByAsync(history.Table, "search_type", cancellationToken) : new Dictionary<string, long>(StringComparer.Ordinal);
        return new LookupFigures(Definition.Name, kept, counts, searches) { Price = Definition.Price, Currency = Definition.Currency, Limits = Definition.Alerts };
    }

    /// <summary>Looks at its alerts, and gives those that this process is to tell somebody of, and to note as told then; empty where there are none. Metrics tell them in any case.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The database, or the store, is away.</exception>
    public async Task<IReadOnlyList<LookupAlertTurn>> WatchAsync(CancellationToken cancellationToken)
    {
        if (Definition.Alerts is not { } limits) return [];
        // What was counted here belongs to it.
        await FlushAsync();
        return await _watch.SeeAsync(LookupAlert.Judge(limits, await SummarizeAsync(cancellationToken)), cancellationToken);
    }

    /// <summary>Notes that somebody was told of an alert, or can't be.</summary>
    /// <param name="turn">What was told.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The store is away: somebody is told once more.</exception>
    public Task ToldAsync(LookupAlertTurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return _watch.ToldAsync(turn, cancellationToken);
    }

    /// <summary>Waits for what is being bought, and writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? landed = null;
        lock (_lock)
        {
            if (_flying > 0) landed = (_landed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        if (landed is not null) await landed;
        await _flusher.DisposeAsync();
        if (_history is not null) await _history.DisposeAsync();
        await _parts.Writer.DisposeAsync();
        await _table.DisposeAsync();
    }

    private LookupAnswer? FindInMemory(LookupKey key)
    {
        if (_parts.Memory.Find(key.Text) is not { } entry) return null;
        var now = _parts.Time.GetUtcNow();
        if (entry.IsFresh(now, Definition.Ttl)) return Hit(entry, stale: false, collapsed: false);
        return entry.RestUntil > now.UtcTicks && entry.RestUntil - now.UtcTicks <= LookupParts.FailureRest.Ticks && entry.IsUsable(now, Definition.StaleIfError) ? Hit(entry, stale: true, collapsed: false) : null;
    }

    private void Fly(List<LookupKey> keys)
    {
        lock (_lock) _flying++;
        var flight = new Flight(_parts, _buyer, $"{_process}:{Interlocked.Increment(ref _flightNumber)}", Land);
        // Task.Run: a database may do its work on the thread that calls, and others wait for what this caller has begun.
        _ = Task.Run(async () =>
        {
            await flight.RunAsync(keys);
            lock (_lock)
            {
                if (--_flying == 0) _landed?.TrySetResult();
            }
        }, CancellationToken.None);
    }

    private void Land(LookupKey key, KeyOutcome outcome)
    {
        TaskCompletionSource<KeyOutcome>? flight;
        // At this point the answer is in memory: whoever comes now finds it there.
        lock (_lock) _flights.Remove(key.Text, out flight);
        flight!.SetResult(outcome);
    }

    private LookupAnswer AnswerOf(KeyOutcome outcome, bool isOurs)
    {
        if (outcome.Entry is not { } entry)
        {
            _parts.Ledger.Add(new LookupCounts { Failures = 1 });
            return new LookupAnswer { Problem = outcome.Problem };
        }
        if (!isOurs || !outcome.IsBought) return Hit(entry, outcome.IsStale, collapsed: outcome.IsBought);
        _parts.Ledger.Add(new LookupCounts { Misses = 1 });
        TidemarkMeter.MissLookup(_parts.Labels);
        return new LookupAnswer { Value = entry.Value, CreatedAt = entry.CreatedAt, ExpiresAt = entry.ExpiresAt, HitCount = entry.Hits, Cost = entry.Cost ?? 0 };
    }

    private LookupAnswer Hit(KeptEntry entry, bool stale, bool collapsed)
    {
        var saved = entry.Cost ?? _expectedCost;
        var count = 0L;
        if (entry.IsNegative) _parts.Ledger.Add(new LookupCounts { Negative = 1, Hits = 1, CostSaved = saved });
        else count = _parts.Ledger.Hit(entry, stale, saved);
        TidemarkMeter.HitLookup(stale, saved, _parts.Labels);
        return new LookupAnswer { Value = entry.Value, Cached = true, Stale = stale, Collapsed = collapsed, HitCount = count, CreatedAt = entry.CreatedAt, ExpiresAt = entry.ExpiresAt };
    }

    private async Task<long> DeleteAsync(DateTimeOffset? expiredBefore, bool isEmptied, CancellationToken cancellationToken)
    {
        var gone = 0L;
        while (await _table.DeleteAsync(expiredBefore, Chunk, cancellationToken) is > 0 and var some) gone += some;
        await _parts.Store.PurgeLookupAsync(_parts.Id, isEmptied, _parts.Time.GetUtcNow(), cancellationToken);
        return gone;
    }
}
