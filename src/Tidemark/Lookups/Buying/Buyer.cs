using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Lookups.Keeping;
using Tidemark.Lookups.Keys;
using Tidemark.Quotas;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Lookups.Buying;

/// <summary>Buys the answers of keys whose leases are held: calls, keeps, and ends the leases.</summary>
/// <param name="parts">The lookup.</param>
internal sealed partial class Buyer(LookupParts parts)
{
    /// <summary>Calls of one request at a time; the quota bounds those of all.</summary>
    private const int Parallel = 4;

    /// <summary>Buys the answers of some keys, in as few calls as the source allows.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="known">The rows that there are already, by key.</param>
    /// <param name="owner">Who holds the leases.</param>
    /// <param name="settle">Is told of each key, once.</param>
    public Task BuyAsync(IReadOnlyList<LookupKey> keys, IReadOnlyDictionary<string, KeptEntry> known, string owner, Action<LookupKey, KeyOutcome> settle) =>
        System.Threading.Tasks.Parallel.ForEachAsync(parts.Source.GroupsOf(keys), new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (group, _) =>
        {
            await using var leases = new HeldLeases(parts.Store, parts.Id, owner, [.. group.Select(k => k.Text)], parts.Time);
            var outcomes = await TryAsync(group, known);
            // Who waits elsewhere finds the answer before the lease is free.
            await leases.EndAsync(outcomes[0].Problem is { } first && outcomes.All(o => o.Problem is not null) ? first.Message : null);
            for (var i = 0; i < group.Count; i++) settle(group[i], outcomes[i].Problem is { } problem ? parts.Instead(group[i].Text, known.GetValueOrDefault(group[i].Text), problem) : outcomes[i]);
        });

    private async Task<IReadOnlyList<KeyOutcome>> TryAsync(IReadOnlyList<LookupKey> group, IReadOnlyDictionary<string, KeptEntry> known)
    {
        var counters = new StreamCounters(parts.Labels);
        var definition = parts.Definition;
        using var timeout = new CancellationTokenSource(definition.Timeout, parts.Time);
        LookupException problem;
        try
        {
            var answers = await parts.Source.AskAsync(group, counters, timeout.Token);
            return await KeepAsync(group, answers, known, (double)counters[Counter.Cost] / group.Count);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested)
        {
            problem = new LookupException(LookupFailure.Timeout, $"the source has not answered within {Durations.Format(definition.Timeout)} (timeout)", e);
        }
        catch (ParkedException e)
        {
            problem = new LookupException(LookupFailure.Quota, e.Message, e) { RetryAt = e.Until };
        }
        catch (SourceException e)
        {
            problem = new LookupException(LookupFailure.Source, e.Message, e);
        }
        catch (DestinationException e)
        {
            // The quota's ledger: nothing was called.
            problem = LookupParts.Away(e);
        }
        catch (Exception e)
        {
            // A defect of ours or of a connector: those who wait must hear of it.
            problem = new LookupException(LookupFailure.Source, $"unexpected {e.GetType().Name}: {e.Message}", e);
        }
        finally
        {
            parts.Ledger.Add(new LookupCounts { Calls = counters[Counter.Requests], CostSpent = counters[Counter.Cost] });
            TidemarkMeter.SpendOnLookup(counters[Counter.Cost], parts.Labels);
        }
        LogFailed(parts.Log, definition.Name, group.Count == 1 ? "an answer" : $"{group.Count} answers", problem.Message);
        return [.. group.Select(_ => new KeyOutcome(null) { Problem = problem })];
    }

    private async Task<IReadOnlyList<KeyOutcome>> KeepAsync(IReadOnlyList<LookupKey> group, IReadOnlyList<ReadOnlyMemory<byte>?> answers, IReadOnlyDictionary<string, KeptEntry> known, double cost)
    {
        var (now, definition) = (parts.Time.GetUtcNow(), parts.Definition);
        // Rounded as rows have it, so that what is served now and what is read later agree.
        now = Rounded(now);
        var outcomes = new KeyOutcome[group.Count];
        List<(int Index, ReadOnlyMemory<byte> Answer, ReadOnlyMemory<byte> Row, DateTimeOffset ExpiresAt)> rows = [];
        List<int> negatives = [];
        for (var i = 0; i < group.Count; i++)
        {
            try
            {
                if (answers[i] is { } answer && (definition.Compute is { } compute ? compute.Compute(answer, group[i].Values) : answer) is { } made)
                {
                    var expiresAt = Rounded(now + definition.Ttl - parts.Spread(definition.Ttl * definition.Jitter));
                    rows.Add((i, made, parts.Maker.RowOf(group[i], made, now, expiresAt, isNew: !known.ContainsKey(group[i].Text)), expiresAt));
                }
                else
                {
                    negatives.Add(i);
                }
            }
            catch (FormatException e)
            {
                outcomes[i] = new KeyOutcome(null) { Problem = new LookupException(LookupFailure.Source, e.Message, e) };
            }
        }
        var (refused, found) = await WriteAsync([.. rows.Select(r => r.Row)], [.. rows.Select(r => group[r.Index].Text)]);
        foreach (var (place, row) in rows.Index())
        {
            var key = group[row.Index];
            outcomes[row.Index] = refused.TryGetValue(place, out var reason)
                ? new KeyOutcome(null) { Problem = new LookupException(LookupFailure.Misfit, $"the answer does not fit the table: {reason}") }
                : new KeyOutcome(parts.Keep(Bought(key, row.Answer, now, row.ExpiresAt, cost, found?.GetValueOrDefault(key.Text), known.GetValueOrDefault(key.Text)))) { IsBought = true };
        }
        await KeepNegativesAsync([.. negatives.Select(i => group[i].Text)], now + definition.NegativeTtl);
        foreach (var i in negatives)
            outcomes[i] = new KeyOutcome(parts.Keep(new KeptEntry(group[i].Text, default) { CreatedAt = now, ExpiresAt = now + definition.NegativeTtl, Cost = cost })) { IsBought = true };
        return outcomes;
    }

    private static DateTimeOffset Rounded(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    // As the database has it now, so that the first answer looks like all later ones; of what could not be kept, what was answered.
    private KeptEntry Bought(LookupKey key, ReadOnlyMemory<byte> answer, DateTimeOffset createdAt, DateTimeOffset expiresAt, double cost, KeptEntry? row, KeptEntry? before)
    {
        var entry = new KeptEntry(key.Text, row?.Value ?? parts.Maker.ValueOf(key, answer)) { CreatedAt = createdAt, ExpiresAt = expiresAt, Cost = cost };
        entry.Hits = row?.Hits ?? before?.Hits ?? 0;
        if (row is null && before is null) parts.Ledger.Restart(key.Text);
        return entry;
    }

    // Found is null where rows could not be kept: they were paid for, so they are served all the same.
    private async Task<(IReadOnlyDictionary<int, string> Refused, IReadOnlyDictionary<string, KeptEntry>? Found)> WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> rows, IReadOnlyList<string> keys)
    {
        var refused = new Dictionary<int, string>();
        if (rows.Count == 0) return (refused, null);
        try
        {
            var told = await parts.Writer.WriteAsync(rows);
            return (told, told.Count == rows.Count ? null : await parts.Finder.FindAsync(keys));
        }
        catch (DestinationException e)
        {
            LogNotKept(parts.Log, parts.Definition.Name, rows.Count, e.Message);
            return (refused, null);
        }
    }

    private async Task KeepNegativesAsync(IReadOnlyList<string> keys, DateTimeOffset until)
    {
        if (keys.Count == 0) return;
        try
        {
            await parts.Store.KeepNegativesAsync(parts.Id, keys, until, CancellationToken.None);
        }
        catch (DestinationException e)
        {
            LogNotKept(parts.Log, parts.Definition.Name, keys.Count, e.Message);
        }
    }
}
