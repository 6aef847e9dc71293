namespace Tidemark.Quotas;

/// <summary>A cap of a calendar period: it is spent anew when the next period begins.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Limit">How many; at least 1.</param>
/// <param name="Days">How many days a period has, counted from 1970-01-01 in the time zone; 1: each day.</param>
/// <param name="TimeZone">Where a day begins, an IANA name; default UTC.</param>
public sealed record QuotaBudget(BudgetUnit Unit, long Limit, int Days = 1, string TimeZone = "UTC")
{
    /// <summary>In words: 35000 records per 1d (Europe/Paris).</summary>
    public override string ToString() => $"{Limit} {Unit.ToString().ToLowerInvariant()} per {Days}d ({TimeZone})";
}
