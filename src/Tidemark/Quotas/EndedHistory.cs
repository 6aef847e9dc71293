namespace Tidemark.Quotas;

/// <summary>
/// Keeps the history of a quota bounded: the newest 1000 calls exactly, older ones in sub-windows, a hundredth of the shortest interval that they still count for, each as if all of its calls had ended with its last one.
/// </summary>
internal static class EndedHistory
{
    private const int Exact = 1000;
    private const int SubWindows = 100;

    /// <summary>Calls are remembered so long at least: a longer interval may come with the next configuration.</summary>
    private const long Shortest = 3_600_000_000;

    /// <summary>Forgets what counts no longer, and counts together what is beyond the bound.</summary>
    /// <param name="state">The quota.</param>
    /// <param name="rates">What is allowed now.</param>
    public static void Trim(QuotaState state, IReadOnlyList<QuotaRate> rates)
    {
        long[] intervals = [.. rates.Select(r => QuotaTimeline.Of(r.Interval)).Order()];
        var longest = intervals.LastOrDefault();
        var kept = Math.Max(longest, Shortest);
        state.Flying.RemoveAll(f => f.EndsBy + kept <= state.Now);
        Forget(state, kept);

        var exactFrom = state.Ended.FindIndex(e => e.EndedAt + longest > state.Now);
        var together = Math.Max(exactFrom < 0 ? state.Ended.Count : exactFrom, state.Ended.Count - Exact);
        if (together < 2) return;
        var merged = new List<EndedCalls>(together);
        var last = (Width: 0L, Window: 0L);
        foreach (var ended in state.Ended.Take(together))
        {
            var age = state.Now - ended.EndedAt;
            var width = Math.Max(1, intervals.FirstOrDefault(i => i > age, kept) / SubWindows);
            var at = (width, ended.EndedAt / width);
            if (merged.Count > 0 && at == last) merged[^1] = new EndedCalls(ended.EndedAt, merged[^1].Cost + ended.Cost);
            else merged.Add(ended);
            last = at;
        }
        state.Ended.RemoveRange(0, together);
        state.Ended.InsertRange(0, merged);
    }

    /// <summary>Forgets what these rates don't count any more.</summary>
    public static void Forget(QuotaState state, IReadOnlyList<QuotaRate> rates) => Forget(state, rates.Select(r => QuotaTimeline.Of(r.Interval)).DefaultIfEmpty(0).Max());

    /// <summary>Adds a call that has ended, in its place.</summary>
    public static void Add(QuotaState state, EndedCalls ended)
    {
        var at = state.Ended.Count;
        while (at > 0 && state.Ended[at - 1].EndedAt > ended.EndedAt) at--;
        state.Ended.Insert(at, ended);
    }

    // They are in order.
    private static void Forget(QuotaState state, long kept)
    {
        var gone = 0;
        while (gone < state.Ended.Count && state.Ended[gone].EndedAt + kept <= state.Now) gone++;
        if (gone > 0) state.Ended.RemoveRange(0, gone);
    }
}
