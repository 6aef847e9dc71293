namespace Tidemark.Quotas;

/// <summary>How one limit of a quota stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="About">The limit in words, such as 100 in 1m.</param>
/// <param name="Limit">How much may be used, less the reserve; null: only the server knows.</param>
/// <param name="Spent">How much of it is used; null: only the server knows.</param>
/// <param name="Left">How much may be used now.</param>
/// <param name="FreeAt">When there is all of it again; null: there is now.</param>
public sealed record QuotaMeter(QuotaMeterKind Kind, string About, double? Limit, double? Spent, double Left, DateTimeOffset? FreeAt);
