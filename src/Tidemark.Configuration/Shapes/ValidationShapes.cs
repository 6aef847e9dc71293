using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidemark.Definitions;
using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Configuration.Shapes;

/// <summary>The rules of <c>validate:</c>.</summary>
internal static class ValidationShapes
{
    private static readonly JsonPath NoField = JsonPath.Parse("");

    private static readonly Format<JsonPath> Field = Formats.Parsed(ParseField);

    private static readonly Format<decimal> Number = new ScalarFormat<decimal>("a number such as 0 or 9.5",
        s => (decimal.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value), value), () => new JsonObject { ["type"] = "number" });

    /// <summary>A rule, by its name in <c>rule</c>.</summary>
    public static Format<ValidationRule> Rule { get; } = new Variants<ValidationRule>("validation", "rule")
        .Add("required", Of("The field has to be there, and not null.", new RequiredRule()))
        .Add("length", Of("The field has to be a text of a length.", new LengthRule(Min: null, Max: null))
            .Optional("min", Formats.Integer(), (r, v) => With<LengthRule>(r, l => l with { Min = v }), "The least, in Unicode code points. Default: none.")
            .Optional("max", Formats.Integer(), (r, v) => With<LengthRule>(r, l => l with { Max = v }), "The most, in Unicode code points. Default: none.")
            .Rule(r => r.Rule is LengthRule length ? Bounds(length.Min, length.Max) : null))
        .Add("range", Of("The field has to be a number in a range.", new RangeRule(Min: null, Max: null))
            .Optional("min", Number, (r, v) => With<RangeRule>(r, l => l with { Min = v }), "The least, itself included. Default: none.")
            .Optional("max", Number, (r, v) => With<RangeRule>(r, l => l with { Max = v }), "The most, itself included. Default: none.")
            .Rule(r => r.Rule is RangeRule range ? Bounds(range.Min, range.Max) : null))
        .Add("pattern", Of("The field has to be a text in which a regular expression finds a match.", new PatternRule(new Regex("", RegexOptions.NonBacktracking)))
            .Required("pattern", Formats.Parsed(LinearPattern.Parse), (r, v) => With<PatternRule>(r, p => p with { Pattern = v }), "The expression, of .NET without look-around and back-references; ^ and \\z for the whole text."))
        .Add("one_of", Of("The field has to be one of a few values.", new OneOfRule([]))
            .Required("values", Formats.OneOrMany(Formats.Text), (r, v) => With<OneOfRule>(r, o => o with { Values = v }), "The values; numbers are compared as they are written.")
            .Rule(r => r.Rule is OneOfRule { Values.Count: 0 } ? ("values", "found no value, expected at least one") : null))
        .Add("too_similar", Of("The field has to be a text that is not too similar to others, by Jaccard's index of word 3-shingles.", new TooSimilarRule([], ToField: null))
            .Optional("to", Formats.OneOrMany(Formats.Text), (r, v) => With<TooSimilarRule>(r, t => t with { To = v }), "The texts. Default: none; to or to_field is needed.")
            .Optional("to_field", Field, (r, v) => With<TooSimilarRule>(r, t => t with { ToField = v }), "The field of the same record that has the other text. Default: none; to or to_field is needed.")
            .Optional("at_least", Formats.Share, (r, v) => With<TooSimilarRule>(r, t => t with { AtLeast = v }), "The similarity from which on it is rejected, above 0. Default: 0.6.")
            .Rule(CheckSimilar));

    private static Shape<ValidationRule> Of(string description, FieldRule rule) => new Shape<ValidationRule>(description, () => new ValidationRule(NoField, rule))
        .Required("field", Field, (r, v) => r with { Field = v }, "Where the value is in the record as it arrives: a name, or a path such as address.city.")
        .Optional("reason", Formats.Text, (r, v) => r with { Reason = v }, "What is said of a record that breaks the rule, beside what was found. Default: nothing.");

    private static ValidationRule With<T>(ValidationRule rule, Func<T, T> change) where T : FieldRule => rule with { Rule = change((T)rule.Rule) };

    private static (string? Key, string Message)? Bounds<T>(T? min, T? max) where T : struct, IComparable<T> => (min, max) switch
    {
        (null, null) => ("rule", "the keys 'min' and 'max' are missing: expected one of them at least"),
        ({ } least, { } most) when least.CompareTo(most) > 0 => ("min", FormattableString.Invariant($"found min {least} above max {most}: no value keeps this rule")),
        _ => null,
    };

    private static (string? Key, string Message)? CheckSimilar(ValidationRule rule) => rule.Rule switch
    {
        TooSimilarRule { To.Count: 0, ToField: null } => ("rule", "found nothing to compare with, expected 'to' with texts, or 'to_field'"),
        TooSimilarRule { To.Count: > 0, ToField: not null } => ("to_field", "found 'to' and 'to_field', expected one of them: make two rules"),
        TooSimilarRule { ToField: { } other } when string.Equals(other.ToString(), rule.Field.ToString(), StringComparison.Ordinal) => ("to_field", $"found '{other}', the field itself: it is always similar to itself"),
        TooSimilarRule { AtLeast: <= 0 } => ("at_least", "found 0, expected a share above 0: nothing is less similar than that"),
        _ => null,
    };

    private static JsonPath ParseField(string text)
    {
        var path = JsonPath.Parse(text);
        return path.IsField ? path : throw new FormatException($"found the path '{text}', expected one field of a record, such as name or address.city; [*] is not for rules");
    }
}
