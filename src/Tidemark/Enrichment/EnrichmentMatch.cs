namespace Tidemark.Enrichment;

/// <summary>How one is told which answer of a call belongs to which record: both have a field of the same value.</summary>
/// <param name="Record">The record's field, a name or a path; it stands in the request.</param>
/// <param name="Answer">The answer's field, a name or a path.</param>
public sealed record EnrichmentMatch(string Record, string Answer);
