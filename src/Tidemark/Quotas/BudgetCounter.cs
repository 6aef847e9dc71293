namespace Tidemark.Quotas;

/// <summary>What was spent of a budget in one of its periods; it does not know how much may be spent.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Days">How many days a period has.</param>
/// <param name="TimeZone">Where a day begins.</param>
internal sealed record BudgetCounter(BudgetUnit Unit, int Days, string TimeZone)
{
    /// <summary>The number of the period.</summary>
    public long Period { get; init; }

    /// <summary>When the first call or record of the period came.</summary>
    public long Since { get; init; }

    /// <summary>How much was spent in it.</summary>
    public double Spent { get; init; }

    /// <summary>True if it counts for a budget.</summary>
    public bool Counts(QuotaBudget budget) => Unit == budget.Unit && Days == budget.Days && string.Equals(TimeZone, budget.TimeZone, StringComparison.Ordinal);
}
