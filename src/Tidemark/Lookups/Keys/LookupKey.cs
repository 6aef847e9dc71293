using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>What somebody asks a lookup for.</summary>
/// <param name="Text">The key as it is kept: at most 200 characters.</param>
/// <param name="Values">The values of the parameters that lead to the answer, by name.</param>
/// <param name="Told">The values of those that history takes.</param>
public sealed record LookupKey(string Text, IReadOnlyDictionary<string, ScalarValue> Values, IReadOnlyDictionary<string, ScalarValue> Told);
