namespace Tidemark.Quotas;

/// <summary>What a budget counts.</summary>
public enum BudgetUnit
{
    /// <summary>Calls that were sent.</summary>
    Calls,

    /// <summary>What calls cost.</summary>
    Cost,

    /// <summary>Records, when they are committed or failed.</summary>
    Records,
}
