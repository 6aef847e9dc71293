namespace Tidemark.Quotas;

/// <summary>What the server itself said to be left.</summary>
/// <param name="Left">The least that it said, less what it can't have known of.</param>
/// <param name="ResetAt">When there is all of it again.</param>
internal sealed record ServerCount(double Left, long ResetAt);
