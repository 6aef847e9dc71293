namespace Tidemark.Quotas;

/// <summary>How a quota stands: what was spent, what is left, and when there is all of it again.</summary>
public sealed record QuotaStatus
{
    /// <summary>The quota.</summary>
    public required string Quota { get; init; }

    /// <summary>Its limits.</summary>
    public required IReadOnlyList<QuotaMeter> Meters { get; init; }

    /// <summary>Calls that were let through and of whose end nothing is known yet.</summary>
    public required int CallsInFlight { get; init; }

    /// <summary>What these are expected to cost.</summary>
    public required double CostInFlight { get; init; }

    /// <summary>What each stream has spent today, in UTC.</summary>
    public required IReadOnlyDictionary<string, StreamSpending> Streams { get; init; }

    /// <summary>No call before this, says the server; null: it says nothing.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>When there is all of it again; null: there is now.</summary>
    public DateTimeOffset? FreeAt => Meters.Select(m => m.FreeAt).Append(BlockedUntil).Max();

    /// <summary>Tells how a quota stands.</summary>
    internal static QuotaStatus Of(string quota, QuotaDefinition definition, QuotaState state, DateTimeOffset ledger)
    {
        QuotaBook.Open(definition, state, ledger, measured: null);
        var allowance = new QuotaAllowance(definition);
        DateTimeOffset? At(long? time) => time > state.Now ? ledger + QuotaTimeline.Span(time.Value - state.Now) : null;

        QuotaMeter Rate(QuotaRate rate)
        {
            var interval = QuotaTimeline.Of(rate.Interval);
            var (limit, used) = (allowance.Of(rate), QuotaAllowance.Used(state, rate));
            var last = state.Flying.Select(f => f.EndsBy).Concat(state.Ended.Select(e => e.EndedAt)).Select(end => (long?)(end + interval)).Max();
            return new QuotaMeter(QuotaMeterKind.Rate, rate.ToString(), limit, used, Math.Max(0, limit - used), At(last));
        }

        QuotaMeter Bucket(TokenBucket bucket)
        {
            var (limit, left) = (bucket.Capacity - allowance.ReserveOf(bucket), state.Bucket!.Balance - allowance.ReserveOf(bucket));
            var refills = Math.Ceiling((bucket.Capacity - state.Bucket.Balance) / bucket.Refill);
            return new QuotaMeter(QuotaMeterKind.Bucket, bucket.ToString(), limit, limit - left, Math.Max(0, left), refills > 0 ? At(state.Bucket.FilledAt + (long)(refills * QuotaTimeline.Of(bucket.Interval))) : null);
        }

        QuotaMeter Budget(QuotaBudget budget)
        {
            var (limit, spent) = (allowance.Of(budget), QuotaAllowance.Spent(state, budget));
            return new QuotaMeter(QuotaMeterKind.Budget, budget.ToString(), limit, spent, Math.Max(0, limit - spent), spent > 0 ? QuotaAllowance.RenewsAt(state, budget, ledger).ToUniversalTime() : null);
        }

        return new QuotaStatus
        {
            Quota = quota,
            Meters =
            [
                .. definition.Rates.Select(Rate),
                .. allowance.BucketOf(state) is { } bucket ? [Bucket(bucket)] : Array.Empty<QuotaMeter>(),
                .. definition.Budgets.Select(Budget),
                .. state.Server is { } server ? [new QuotaMeter(QuotaMeterKind.Server, QuotaAllowance.ServerCounts, null, null, Math.Max(0, server.Left - state.FlyingCost), At(server.ResetAt))] : Array.Empty<QuotaMeter>(),
            ],
            CallsInFlight = state.Flying.Count(f => f.EndsBy > state.Now),
            CostInFlight = state.Flying.Where(f => f.EndsBy > state.Now).Sum(f => f.Cost),
            Streams = state.Streams,
            BlockedUntil = At(state.BlockedUntil),
        };
    }
}
