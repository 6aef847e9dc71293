using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>A quota as it stands.</summary>
/// <param name="Definition">What it allows.</param>
/// <param name="State">What was spent of it, as the ledger keeps it; null: nothing so far.</param>
internal sealed record QuotaNow(QuotaDefinition Definition, string? State);
