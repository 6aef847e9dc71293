namespace Tidemark.Quotas;

/// <summary>What calls wait for at a quota.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="Until">When the next one may be sent, as far as is known.</param>
/// <param name="Reason">What they wait for, for people.</param>
public sealed record QuotaWait(string Quota, DateTimeOffset Until, string Reason);
