using System.Collections.Concurrent;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Lookups.Keeping;
using Tidemark.Lookups.Keys;

namespace Tidemark.Lookups.Buying;

/// <summary>Finds out what becomes of keys that are not in memory; of each of them there is one flight at a time in a process, whatever number of callers waits for it.</summary>
/// <remarks>
/// <para>1. Rows that are fresh, and keys that are known to have no answer, are settled.</para>
/// <para>2. The leases of the others are taken. What was taken is looked at again, as somebody may just have bought it, and bought.</para>
/// <para>3. Whose lease somebody else holds is waited for: for its row, for its failure, which is shared, or for its lease, when its holder is dead; then again from 2.</para>
/// </remarks>
/// <param name="parts">The lookup.</param>
/// <param name="buyer">Buys.</param>
/// <param name="owner">Under which name leases are taken.</param>
/// <param name="onSettled">Is told of each key, once.</param>
internal sealed class Flight(LookupParts parts, Buyer buyer, string owner, Action<LookupKey, KeyOutcome> onSettled)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, KeptEntry> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LookupKey> _open = new(StringComparer.Ordinal);

    /// <summary>Settles all of them, one way or the other; throws nothing.</summary>
    public async Task RunAsync(IReadOnlyList<LookupKey> keys)
    {
        foreach (var key in keys) _open[key.Text] = key;
        var buying = new List<Task>();
        try
        {
            await parts.Prepare();
            await FlyAsync([.. keys], buying);
            await Task.WhenAll(buying);
        }
        catch (DestinationException e)
        {
            // What is being bought has been paid for: it is waited for. For the others nobody is called, as what they cost could not be kept.
            await ((Task)Task.WhenAll(buying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            SettleAll(LookupParts.Away(e));
        }
        catch (Exception e)
        {
            SettleAll(new LookupException(LookupFailure.Source, $"unexpected {e.GetType().Name}: {e.Message}", e));
        }
    }

    private async Task FlyAsync(List<LookupKey> left, List<Task> buying)
    {
        var began = parts.Time.GetTimestamp();
        var look = FirstLook;
        await SettleKeptAsync(left);
        var free = left.ConvertAll(k => k.Text);
        for (var isFirst = true; left.Count > 0; isFirst = false)
        {
            if (!isFirst)
            {
                if (parts.Time.GetElapsedTime(began) > parts.Definition.Timeout)
                {
                    foreach (var key in left) Fail(key, new LookupException(LookupFailure.Timeout, $"somebody else is buying this answer, and has not got it within {Durations.Format(parts.Definition.Timeout)} (timeout)"));
                    return;
                }
                await Task.Delay((look / 2) + parts.Spread(look / 2), parts.Time);
                look = look * 2 < LongestLook ? look * 2 : LongestLook;
                free = await ShareFailuresAsync(left);
                await SettleKeptAsync(left);
            }
            var wanted = left.Select(k => k.Text).Intersect(free, StringComparer.Ordinal).ToList();
            if (wanted.Count == 0) continue;
            var taken = await parts.Store.TakeLeasesAsync(parts.Id, wanted, owner, HeldLeases.Length, CancellationToken.None);
            var mine = left.Where(k => taken.Contains(k.Text)).ToList();
            left.RemoveAll(k => taken.Contains(k.Text));
            if (mine.Count > 0) await BeginBuyingAsync(mine, buying);
        }
    }

    private async Task BeginBuyingAsync(List<LookupKey> mine, List<Task> buying)
    {
        var held = mine.Select(k => k.Text).ToList();
        await SettleKeptAsync(mine);
        var done = held.Except(mine.Select(k => k.Text), StringComparer.Ordinal).ToList();
        if (done.Count > 0) await parts.Store.EndLeasesAsync(parts.Id, done, owner, failure: null, TimeSpan.Zero, CancellationToken.None);
        if (mine.Count > 0) buying.Add(buyer.BuyAsync(mine, new Dictionary<string, KeptEntry>(_known, StringComparer.Ordinal), owner, Settle));
    }

    // What failed since we wait was asked for us as well. Answers whose lease is free by now: one that ends with a failure after this look must not be taken.
    private async Task<List<string>> ShareFailuresAsync(List<LookupKey> left)
    {
        var leases = await parts.Store.FindLeasesAsync(parts.Id, [.. left.Select(k => k.Text)], CancellationToken.None);
        foreach (var key in left.Where(k => leases.GetValueOrDefault(k.Text)?.Failure is not null).ToList())
        {
            Fail(key, new LookupException(LookupFailure.Source, leases[key.Text].Failure!));
            left.Remove(key);
        }
        return [.. left.Select(k => k.Text).Where(k => !leases.ContainsKey(k))];
    }

    private async Task SettleKeptAsync(List<LookupKey> left)
    {
        var keys = left.Select(k => k.Text).ToList();
        if (keys.Count == 0) return;
        var rows = await parts.Finder.FindAsync(keys);
        var now = parts.Time.GetUtcNow();
        foreach (var (key, entry) in rows)
        {
            _known[key] = entry;
            if (entry.IsFresh(now, parts.Definition.Ttl)) Settle(_open[key], new KeyOutcome(parts.Keep(entry)));
            // In memory it is found when the database is away.
            else if (entry.IsUsable(now, parts.Definition.StaleIfError)) parts.Keep(entry);
        }
        left.RemoveAll(k => !_open.ContainsKey(k.Text));
        if (left.Count == 0) return;
        var negatives = await parts.Store.FindNegativesAsync(parts.Id, [.. left.Select(k => k.Text)], now, CancellationToken.None);
        foreach (var (key, until) in negatives.Where(n => n.Value - now <= parts.Definition.NegativeTtl))
            Settle(_open[key], new KeyOutcome(parts.Keep(new KeptEntry(key, default) { CreatedAt = now, ExpiresAt = until })));
        left.RemoveAll(k => !_open.ContainsKey(k.Text));
    }

    private void Fail(LookupKey key, LookupException problem) => Settle(key, parts.Instead(key.Text, _known.GetValueOrDefault(key.Text), problem));

    private void SettleAll(LookupException problem)
    {
        foreach (var key in _open.Values) Fail(key, problem);
    }

    private void Settle(LookupKey key, KeyOutcome outcome)
    {
        if (_open.TryRemove(key.Text, out _)) onSettled(key, outcome);
    }
}
