namespace Tidemark.Validation;

/// <summary>The field has to be there, and not null. An empty text is there.</summary>
public sealed record RequiredRule() : FieldRule("required");
