namespace Tidemark.Validation;

/// <summary>What the value of a field has to be. A field that is absent or null keeps every rule but <see cref="RequiredRule"/>.</summary>
/// <param name="Name">The rule's name in a configuration.</param>
public abstract record FieldRule(string Name);
