namespace Tidemark.Quotas;

/// <summary>A call that has ended and is still to be written into the ledger.</summary>
/// <param name="Id">Its number in the ledger.</param>
/// <param name="EndedAt">When, by the clock of this process.</param>
/// <param name="Answer">What the server said.</param>
internal sealed record SettledCall(long Id, long EndedAt, QuotaAnswer Answer);
