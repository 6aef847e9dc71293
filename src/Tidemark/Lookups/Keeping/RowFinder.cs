using Tidemark.Destinations;

namespace Tidemark.Lookups.Keeping;

/// <summary>Finds rows: one query is under way at a time, and what is asked meanwhile goes with the next one. So many callers cost few round trips.</summary>
/// <param name="table">The table.</param>
/// <param name="ledger">Knows the hits that are not in it yet.</param>
internal sealed class RowFinder(ILookupTable table, HitLedger ledger)
{
    private const int MaxKeys = 5000;

    private readonly Lock _lock = new();
    private readonly Queue<Asked> _asked = new();
    private bool _isFinding;

    /// <summary>The rows of some keys, as entries with their counts; those that are not there are left out.</summary>
    /// <exception cref="DestinationException">The database is away.</exception>
    public Task<IReadOnlyDictionary<string, KeptEntry>> FindAsync(IReadOnlyCollection<string> keys)
    {
        var asked = new Asked(keys);
        lock (_lock)
        {
            _asked.Enqueue(asked);
            if (_isFinding) return asked.Found.Task;
            _isFinding = true;
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
                foreach (var one in some) one.Found.SetResult(some.Count == 1 ? found : found.Where(f => one.Keys.Contains(f.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal));
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
            _isFinding = some.Count > 0;
            return some;
        }
    }

    private async Task<IReadOnlyDictionary<string, KeptEntry>> ReadAsync(IReadOnlyCollection<string> keys)
    {
        while (true)
        {
            var generation = await ledger.QuietAsync(keys);
            var rows = await table.FindAsync(keys, CancellationToken.None);
            var entries = rows.ToDictionary(r => r.Key, r => new KeptEntry(r.Key, r.Value) { CreatedAt = r.CreatedAt, ExpiresAt = r.ExpiresAt }, StringComparer.Ordinal);
            if (rows.All(r => ledger.TryBegin(entries[r.Key], r.HitCount, generation))) return entries;
        }
    }

    private sealed record Asked(IReadOnlyCollection<string> Keys)
    {
        public TaskCompletionSource<IReadOnlyDictionary<string, KeptEntry>> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
