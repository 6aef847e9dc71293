namespace Tidemark.Enrichment;

/// <summary>What is asked about a record.</summary>
/// <param name="Id">A hash of the request and of the fields that stand in it: equal questions have equal ids.</param>
/// <param name="Fields">The record's fields that the request needs, by their paths.</param>
/// <param name="Key">What its answer has in common with the record; null: answers come in order.</param>
internal sealed record Question(string Id, IReadOnlyDictionary<string, string> Fields, string? Key);
