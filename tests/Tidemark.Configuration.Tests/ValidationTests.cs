using Tidemark.Validation;

namespace Tidemark.Configuration.Tests;

public sealed class ValidationTests : IDisposable
{
    private const string Known = "required, length, range, pattern, one_of, too_similar";
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Rules_are_read_in_their_order()
    {
        var rules = _scene.Read(ConfigurationScene.Head + """
              a:
                request: { path: / }
                validate:
                  - { field: name, rule: required, reason: every shop has a name }
                  - { field: text, rule: length, min: 50, max: 2000 }
                  - { field: address.lat, rule: range, min: -90, max: 90.5 }
                  - { field: code, rule: pattern, pattern: '^[A-Z]{2}$' }
                  - { field: kind, rule: one_of, values: [shop, 2, true] }
                  - { field: text, rule: too_similar, to: [one, two] }
                  - { field: text, rule: too_similar, to_field: "['a.b']", at_least: 80% }
            """).Streams[0].Rules;
        rules.Select(r => r.Key).ShouldBe(["name: required", "text: length", "address.lat: range", "code: pattern", "kind: one_of", "text: too_similar", "text: too_similar"]);
        rules.Select(r => r.Reason).ShouldBe(["every shop has a name", null, null, null, null, null, null]);
        rules[1].Rule.ShouldBe(new LengthRule(50, 2000));
        rules[2].Rule.ShouldBe(new RangeRule(-90m, 90.5m));
        ((PatternRule)rules[3].Rule).Pattern.ToString().ShouldBe("^[A-Z]{2}$");
        ((OneOfRule)rules[4].Rule).Values.ShouldBe(["shop", "2", "true"]);
        var (given, other) = ((TooSimilarRule)rules[5].Rule, (TooSimilarRule)rules[6].Rule);
        (string.Join(' ', given.To), given.ToField, given.AtLeast).ShouldBe(("one two", null, 0.6));
        (other.To.Count, other.ToField!.ToString(), other.AtLeast).ShouldBe((0, "['a.b']", 0.8));
    }

    [Theory]
    [InlineData("{ field: a }", "the key 'rule' is missing; rules of validation: " + Known, "{ field")]
    [InlineData("{ rule: required }", "the key 'field' is missing", "{ rule")]
    [InlineData("{ field: a, rule: requried }", "found rule 'requried', expected a validation: " + Known + "; did you mean 'required'?", "requried")]
    [InlineData("{ field: a, rule: required, min: 1 }", "unknown key 'min'; known here: field, reason, rule", "min")]
    [InlineData("required", "found 'required', expected a validation, such as { rule: required }", "required")]
    [InlineData("{ field: 'a[*].b', rule: required }", "found the path 'a[*].b', expected one field of a record, such as name or address.city; [*] is not for rules", "'a[*")]
    [InlineData("{ field: $, rule: required }", "found the path '$', expected one field of a record, such as name or address.city; [*] is not for rules", "$")]
    [InlineData("{ field: a..b, rule: required }", "found the path 'a..b': a name is missing at position 3; expected names joined by dots, such as data.items[*].node", "a..b")]
    [InlineData("{ field: a, rule: length }", "the keys 'min' and 'max' are missing: expected one of them at least", "rule")]
    [InlineData("{ field: a, rule: length, min: 3, max: 2 }", "found min 3 above max 2: no value keeps this rule", "min")]
    [InlineData("{ field: a, rule: length, min: -1 }", "found '-1', expected a whole number, at least 0", "-1")]
    [InlineData("{ field: a, rule: range }", "the keys 'min' and 'max' are missing: expected one of them at least", "rule")]
    [InlineData("{ field: a, rule: range, min: 2.5, max: 2 }", "found min 2.5 above max 2: no value keeps this rule", "min")]
    [InlineData("{ field: a, rule: range, min: low }", "found 'low', expected a number such as 0 or 9.5", "low")]
    [InlineData("{ field: a, rule: pattern }", "the key 'pattern' is missing", "{ field")]
    [InlineData("{ field: a, rule: pattern, pattern: 'a[b' }", "found the pattern 'a[b', which is no regular expression: UnterminatedBracket at position 4", "'a[b")]
    [InlineData("{ field: a, rule: pattern, pattern: '(?=a)b' }", "found the pattern '(?=a)b', which needs to go back in the text: take look-around, back-references, conditions and atomic groups out", "'(?=")]
    [InlineData("{ field: a, rule: one_of, values: [] }", "found no value, expected at least one", "values")]
    [InlineData("{ field: a, rule: too_similar }", "found nothing to compare with, expected 'to' with texts, or 'to_field'", "rule")]
    [InlineData("{ field: a, rule: too_similar, to: x, to_field: b }", "found 'to' and 'to_field', expected one of them: make two rules", "to_field")]
    [InlineData("{ field: a, rule: too_similar, to_field: a }", "found 'a', the field itself: it is always similar to itself", "to_field")]
    [InlineData("{ field: a, rule: too_similar, to: x, at_least: 0 }", "found 0, expected a share above 0: nothing is less similar than that", "at_least")]
    [InlineData("{ field: a, rule: too_similar, to: x, at_least: 2 }", "found '2', expected a share such as 20%", "2 }")]
    public void Wrong_rule_is_said_where_it_stands(string rule, string error, string at)
    {
        var line = $"  a: {{ request: {{ path: / }}, validate: [{{ field: id, rule: required }}, {rule}] }}";
        _scene.Errors(ConfigurationScene.Head + line + "\n").ShouldBe([$"tidemark.yaml:7:{line.IndexOf(at, line.LastIndexOf(rule, StringComparison.Ordinal), StringComparison.Ordinal) + 1}: {error}"]);
    }

    [Fact]
    public void Pattern_from_the_environment_is_not_shown()
    {
        _scene.Environment["PATTERN"] = "secret(";
        _scene.Errors(ConfigurationScene.Head + "  a: { request: { path: / }, validate: [{ field: id, rule: pattern, pattern: \"${PATTERN}\" }] }\n").ShouldHaveSingleItem().ShouldNotContain("secret");
    }
}
