namespace Tidemark.Validation;

/// <summary>The value has to be a number in a range, its ends included. Numbers are compared in decimal, to 28 digits.</summary>
/// <param name="Min">The least; null: none.</param>
/// <param name="Max">The most; null: none.</param>
public sealed record RangeRule(decimal? Min, decimal? Max) : FieldRule("range");
