namespace Tidemark.Validation;

/// <summary>The value has to be a text of a length, in Unicode code points.</summary>
/// <param name="Min">The least; null: none.</param>
/// <param name="Max">The most; null: none.</param>
public sealed record LengthRule(long? Min, long? Max) : FieldRule("length");
