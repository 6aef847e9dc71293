namespace Tidemark.Runs;

/// <summary>A record after enrichment.</summary>
/// <param name="Json">The record with its answer; as it was, where there is none.</param>
/// <param name="Problem">Why there is no answer; null: there is one.</param>
internal readonly record struct EnrichedRecord(ReadOnlyMemory<byte> Json, string? Problem);
