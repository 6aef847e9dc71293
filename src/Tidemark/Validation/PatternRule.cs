using System.Text.RegularExpressions;

namespace Tidemark.Validation;

/// <summary>The value has to be a text in which a regular expression finds a match.</summary>
/// <param name="Pattern">The expression; <see cref="RegexOptions.NonBacktracking"/>, as its time has to be linear in the length of any text that a source may send.</param>
public sealed record PatternRule(Regex Pattern) : FieldRule("pattern");
