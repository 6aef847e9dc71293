namespace Tidemark.Lookups;

/// <summary>Who buys an answer, or has tried to.</summary>
/// <param name="Owner">Who.</param>
/// <param name="Failure">Why there is none; null: it is on its way.</param>
public sealed record LookupLease(string Owner, string? Failure);
