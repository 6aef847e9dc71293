namespace Tidemark.Quotas;

/// <summary>What a quota must be like, whoever describes it.</summary>
internal static class QuotaRules
{
    /// <summary>What is wrong with a quota; null: nothing.</summary>
    public static string? Problem(QuotaDefinition quota) => quota switch
    {
        { Rates: var rates } when rates.FirstOrDefault(r => r.Limit < 1 || r.Interval <= TimeSpan.Zero) is { } rate => $"found {rate.Limit} in {rate.Interval}, expected a limit of at least 1 and an interval above 0",
        { Bucket: { } bucket } when bucket.Capacity <= 0 || bucket.Refill <= 0 || bucket.Interval <= TimeSpan.Zero => $"found {bucket}, expected capacity, refill and interval above 0",
        { Reserve: < 0 or >= 1 or double.NaN } => $"found a reserve of {quota.Reserve}, expected 0 to below 1",
        { Budgets: var budgets } when budgets.FirstOrDefault(b => b.Limit < 1 || b.Days < 1) is { } budget => $"found {budget}, expected a limit and days of at least 1",
        { Budgets: var budgets } when budgets.FirstOrDefault(b => !BudgetCalendar.Knows(b.TimeZone)) is { } budget => $"found the time zone '{budget.TimeZone}', expected one that this machine knows, such as Europe/Paris",
        { ParkAfter.Ticks: < 0 } => $"found park_after {quota.ParkAfter}, expected 0 or more",
        _ => null,
    };
}
