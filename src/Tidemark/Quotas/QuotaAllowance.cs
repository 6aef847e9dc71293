using System.Globalization;
using Tidemark.Definitions;

namespace Tidemark.Quotas;

/// <summary>What of a quota may be used: its limits less the reserve. Judges what a call has to wait for; pure.</summary>
/// <param name="definition">The quota.</param>
internal sealed class QuotaAllowance(QuotaDefinition definition)
{
    /// <summary>Sums of costs such as 0.1 are not exact.</summary>
    private const double Rounding = 1e-9;

    /// <summary>A call that is late by no more than this, or than a step, moves those after it no further: with hundreds of calls such delays would add up.</summary>
    private const long LittleLate = 100_000;

    /// <summary>What a server says to be left, in words.</summary>
    public const string ServerCounts = "as the server counts";

    private readonly double _share = 1 - definition.Reserve;

    /// <summary>What may be used of a rate in its interval; at least 1.</summary>
    public double Of(QuotaRate rate) => Math.Max(1, rate.Limit * _share);

    /// <summary>What may be used of a budget in its period; at least 1.</summary>
    public double Of(QuotaBudget budget) => Math.Max(1, budget.Limit * _share);

    /// <summary>The bucket as it is defined, or as the server says; null: there is none.</summary>
    public TokenBucket? BucketOf(QuotaState state)
    {
        var interval = definition.Bucket?.Interval ?? TimeSpan.FromSeconds(1);
        var capacity = state.Bucket?.Capacity ?? definition.Bucket?.Capacity;
        var refill = state.Bucket?.RefillPerSecond * interval.TotalSeconds ?? definition.Bucket?.Refill;
        return capacity is { } most && refill is { } back ? new TokenBucket(most, back, interval) : null;
    }

    /// <summary>What a bucket has to hold for others.</summary>
    public double ReserveOf(TokenBucket bucket) => bucket.Capacity * definition.Reserve;

    /// <summary>The cost of calls that count for a rate now.</summary>
    public static double Used(QuotaState state, QuotaRate rate)
    {
        // Loops, as a plan asks this for each of 100 000 calls.
        var counted = state.Now - QuotaTimeline.Of(rate.Interval);
        var used = 0.0;
        foreach (var call in state.Flying)
        {
            if (call.EndsBy > counted) used += call.Cost;
        }
        for (var i = state.Ended.Count - 1; i >= 0 && state.Ended[i].EndedAt > counted; i--) used += state.Ended[i].Cost;
        return used;
    }

    /// <summary>The longest wait that something asks of a call; null: it may be sent now.</summary>
    /// <param name="state">The quota, brought up to the present.</param>
    /// <param name="ledger">The present by the ledger's clock: days of budgets are the calendar's.</param>
    /// <param name="cost">What the call is expected to cost.</param>
    public QuotaDelay? Judge(QuotaState state, DateTimeOffset ledger, double cost) =>
        definition.Rates.Select(r => Rate(state, r, cost))
            .Concat(definition.Pace == QuotaPace.Smooth ? definition.Rates.Select(r => Pace(state, QuotaMeterKind.Rate, r.ToString(), r.Interval, Of(r))) : [])
            .Concat(definition.Budgets.Where(b => b.Unit != BudgetUnit.Records).Select(b => Budget(state, b, ledger, b.Unit == BudgetUnit.Calls ? 1 : cost)))
            .Append(Bucket(state, cost))
            .Append(Server(state, cost))
            .Append(Until(state, state.BlockedUntil, QuotaMeterKind.Server, "a Retry-After", "the server asked for it"))
            .Where(d => d is not null)
            .MaxBy(d => d!.Wait);

    /// <summary>How many records may be taken now.</summary>
    public long RecordsLeft(QuotaState state) => definition.Budgets.Where(b => b.Unit == BudgetUnit.Records)
        .Select(b => (long)Math.Max(0, Math.Floor(Of(b) - Spent(state, b) + Rounding)))
        .DefaultIfEmpty(long.MaxValue)
        .Min();

    /// <summary>The longest wait until records may be taken; null: some may be taken now.</summary>
    public QuotaDelay? JudgeRecords(QuotaState state, DateTimeOffset ledger) =>
        definition.Budgets.Where(b => b.Unit == BudgetUnit.Records).Select(b => Budget(state, b, ledger, 1)).Where(d => d is not null).MaxBy(d => d!.Wait);

    /// <summary>What was spent of a budget in its period.</summary>
    public static double Spent(QuotaState state, QuotaBudget budget) => state.Budgets.Find(c => c.Counts(budget))?.Spent ?? 0;

    /// <summary>When a budget is spent anew.</summary>
    public static DateTimeOffset RenewsAt(QuotaState state, QuotaBudget budget, DateTimeOffset ledger)
    {
        var period = state.Budgets.Find(c => c.Counts(budget))?.Period ?? BudgetCalendar.PeriodOf(budget.Days, budget.TimeZone, ledger);
        return BudgetCalendar.StartOf(period + 1, budget.Days, budget.TimeZone);
    }

    /// <summary>From when on the next call is spread, once one is let through now: when that one was due, or now, where it came of its own accord.</summary>
    public long PacedFrom(QuotaState state)
    {
        if (definition.Pace != QuotaPace.Smooth) return state.Now;
        var due = definition.Rates.Select(r => DueAt(state, r.Interval, Of(r)))
            .Concat(BucketOf(state) is { } bucket ? [DueAt(state, bucket.Interval, bucket.Refill)] : Array.Empty<long>())
            .DefaultIfEmpty(state.Now)
            .Max();
        return due <= state.Now && due >= state.Now - Math.Max(LittleLate, due - state.LastTakenAt) ? due : state.Now;
    }

    // What costs more than is ever allowed has to go alone: when nothing else counts.
    private static bool Fits(double used, double cost, double limit) => used + cost <= limit + Rounding || (cost > limit && used <= Rounding);

    private static QuotaDelay? Until(QuotaState state, long until, QuotaMeterKind kind, string about, string reason, bool mayShorten = false) =>
        until <= state.Now ? null : new QuotaDelay(QuotaTimeline.Span(until - state.Now), reason, mayShorten) { Kind = kind, About = about };

    private QuotaDelay? Rate(QuotaState state, QuotaRate rate, double cost)
    {
        var limit = Of(rate);
        var used = Used(state, rate);
        if (Fits(used, cost, limit)) return null;
        // Both in order, the next one that ends counting is taken until there is room.
        var interval = QuotaTimeline.Of(rate.Interval);
        var counted = state.Now - interval;
        var flying = state.Flying.Where(f => f.EndsBy > counted).OrderBy(f => f.EndsBy).ToList();
        var (ended, flown) = (state.Ended.FindIndex(e => e.EndedAt > counted), 0);
        if (ended < 0) ended = state.Ended.Count;
        var (until, flies) = (state.Now, false);
        while (!Fits(used, cost, limit) && (ended < state.Ended.Count || flown < flying.Count))
        {
            if (flown == flying.Count || (ended < state.Ended.Count && state.Ended[ended].EndedAt <= flying[flown].EndsBy))
            {
                (until, used) = (state.Ended[ended].EndedAt + interval, used - state.Ended[ended].Cost);
                ended++;
            }
            else
            {
                (until, used, flies) = (flying[flown].EndsBy + interval, used - flying[flown].Cost, true);
                flown++;
            }
        }
        return Until(state, until, QuotaMeterKind.Rate, rate.ToString(), $"{Number(limit)} in {Durations.Format(rate.Interval)} are used up", flies);
    }

    private static QuotaDelay? Pace(QuotaState state, QuotaMeterKind kind, string about, TimeSpan interval, double limit) =>
        Until(state, DueAt(state, interval, limit), kind, about, $"{Number(limit)} in {Durations.Format(interval)} are spread evenly");

    // When a call may follow the last one, spread evenly.
    private static long DueAt(QuotaState state, TimeSpan interval, double limit)
    {
        var span = QuotaTimeline.Of(interval);
        return state.LastTakenAt + Math.Min(span, (long)Math.Ceiling(span / limit * state.LastCost));
    }

    private QuotaDelay? Bucket(QuotaState state, double cost)
    {
        if (BucketOf(state) is not { } bucket || state.Bucket is not { } now) return null;
        var wanted = Math.Min(cost + ReserveOf(bucket), bucket.Capacity);
        if (now.Balance >= wanted - Rounding)
            return definition.Pace == QuotaPace.Smooth ? Pace(state, QuotaMeterKind.Bucket, bucket.ToString(), bucket.Interval, bucket.Refill) : null;
        var refills = Math.Ceiling(((wanted - now.Balance) / bucket.Refill) - Rounding);
        return Until(state, now.FilledAt + (long)(refills * QuotaTimeline.Of(bucket.Interval)), QuotaMeterKind.Bucket, bucket.ToString(), $"the balance is {Number(now.Balance)}, and {Number(wanted)} are needed", state.Flying.Count > 0);
    }

    private static QuotaDelay? Server(QuotaState state, double cost)
    {
        if (state.Server is not { } server || server.Left - state.FlyingCost >= cost - Rounding) return null;
        return Until(state, server.ResetAt, QuotaMeterKind.Server, ServerCounts, $"the server has {Number(Math.Max(0, server.Left))} left until its reset", server.Left >= cost - Rounding && state.Flying.Count > 0);
    }

    private QuotaDelay? Budget(QuotaState state, QuotaBudget budget, DateTimeOffset ledger, double amount)
    {
        var limit = Of(budget);
        if (Fits(Spent(state, budget), amount, limit)) return null;
        var wait = RenewsAt(state, budget, ledger) - ledger;
        return new QuotaDelay(wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1), $"the budget of {Number(limit)} {budget.Unit.ToString().ToLowerInvariant()} per {budget.Days}d ({budget.TimeZone}) is spent", MayShorten: false) { Kind = QuotaMeterKind.Budget, About = budget.ToString() };
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
