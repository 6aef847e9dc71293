using Tidemark.Records;

namespace Tidemark.Validation;

/// <summary>The value has to be a text that is not too similar to any of some others: how similar two texts are is Jaccard's index of the sets of their word 3-shingles.</summary>
/// <param name="To">Texts that it must not be similar to; empty with <paramref name="ToField"/>.</param>
/// <param name="ToField">Where the record itself has the other text; null with <paramref name="To"/>.</param>
/// <param name="AtLeast">The similarity from which on it is rejected, above 0 and at most 1.</param>
public sealed record TooSimilarRule(IReadOnlyList<string> To, JsonPath? ToField, double AtLeast = 0.6) : FieldRule("too_similar");
