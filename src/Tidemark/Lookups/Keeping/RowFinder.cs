using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Lookups.Keeping;

/// <summary>Finds rows: a few queries are under way at a time, and what is asked meanwhile goes with the next one. So many callers cost few round trips, and no long list of keys keeps all others waiting.</summary>
/// <param name="table">The table.</param>
/// <param name="ledger">Knows the hits that are not in it yet.</param>
/// <param name="limit">How long a query may take: a database that says nothing at all must not hold callers for ever.</param>
/// <param name="time">The clock.</param>
internal sealed class RowFinder(ILookupTable table, HitLedger ledger, TimeSpan limit, TimeProvider time)
{
    private const int MaxKeys = 5000;

    // Measured with 16 callers and PostgreSQL on the same two CPUs: two are half again as fast as one, and more are no faster.
    private const int MaxQueries = 2;

    private readonly Lock _lock = new();
    private readonly Queue<Asked> _asked = new();
    private int _queries;

    /// <summary>The rows of some keys, as entries with their counts; those that are not there are left out.</summary>
    /// <exception cref="DestinationException">The database is away.</exception>
    public Task<IReadOnlyDictionary<string, KeptEntry>> FindAsync(IReadOnlyCollection<string> keys)
    {
        var asked = new Asked(keys);
        lock (_lock)
        {
            _asked.Enqueue(asked);
            if (_queries == MaxQueries) return asked.Found.Task;
            _queries++;
        }
        // Task.Run: a database may do its work on the thread that calls, and that thread has a caller who waits.
        _ = Task.Run(FindAllAsync, CancellationToken.None);
        return asked.Found.Task;
    }

    private async Task FindAllAsync()
    {
        while (Take() is { Count: > 0 } some)
        {
            try
            {
                var found = await ReadAsync([.. some.SelectMany(a => a.Keys).Distinct(StringComparer.Ordinal)]);
                foreach (var one in some) one.Found.SetResult(some.Count == 1 ? found : one.Of(found));
            }
            catch (Exception e)
            {
                foreach (var one in some) one.Found.TrySetException(e);
            }
        }
    }

    private List<Asked> Take()
    {
        lock (_lock)
        {
            var some = new List<Asked>();
            for (var keys = 0; _asked.TryPeek(out var next) && (some.Count == 0 || keys + next.Keys.Count <= MaxKeys); keys += next.Keys.Count) some.Add(_asked.Dequeue());
            if (some.Count == 0) _queries--;
            return some;
        }
    }

    private async Task<IReadOnlyDictionary<string, KeptEntry>> ReadAsync(IReadOnlyCollection<string> keys)
    {
        while (true)
        {
            var generation = await ledger.QuietAsync(keys);
            var rows = await QueryAsync(keys);
            var entries = rows.ToDictionary(r => r.Key, r => new KeptEntry(r.Key, r.Value) { CreatedAt = r.CreatedAt, ExpiresAt = r.ExpiresAt }, StringComparer.Ordinal);
            if (rows.All(r => ledger.TryBegin(entries[r.Key], r.HitCount, generation))) return entries;
        }
    }

    private async Task<IReadOnlyList<KeptRow>> QueryAsync(IReadOnlyCollection<string> keys)
    {
        using var late = new CancellationTokenSource(limit, time);
        try
        {
            return await table.FindAsync(keys, late.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new DestinationException(DestinationFault.Temporary, $"the database has not answered within {Durations.Format(limit)} (timeout)", e) { IsUnreachable = true };
        }
    }

    private sealed record Asked(IReadOnlyCollection<string> Keys)
    {
        public TaskCompletionSource<IReadOnlyDictionary<string, KeptEntry>> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyDictionary<string, KeptEntry> Of(IReadOnlyDictionary<string, KeptEntry> all)
        {
            var some = new Dictionary<string, KeptEntry>(Keys.Count, StringComparer.Ordinal);
            foreach (var key in Keys)
            {
                if (all.TryGetValue(key, out var entry)) some[key] = entry;
            }
            return some;
        }
    }
}
