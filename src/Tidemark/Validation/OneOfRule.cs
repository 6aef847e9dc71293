namespace Tidemark.Validation;

/// <summary>The value has to be one of a few. A number or a boolean is compared as the record writes it: <c>1</c> and <c>1.0</c> are not the same.</summary>
/// <param name="Values">The values, at least one.</param>
public sealed record OneOfRule(IReadOnlyList<string> Values) : FieldRule("one_of");
