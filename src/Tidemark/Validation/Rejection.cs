namespace Tidemark.Validation;

/// <summary>Why a record is rejected.</summary>
/// <param name="Key">The rule and its field: what it is counted under.</param>
/// <param name="Reason">Field, rule, what was found and what was expected.</param>
internal readonly record struct Rejection(string Key, string Reason);
