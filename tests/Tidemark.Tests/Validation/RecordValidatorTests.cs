using System.Text;
using System.Text.RegularExpressions;
using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Tests.Validation;

public sealed class RecordValidatorTests
{
    private const string Reference = "a very good shop with kind people";

    [Theory]
    [InlineData("""{"v":1}""", null)]
    [InlineData("""{"v":""}""", null)]
    [InlineData("""{"v":false}""", null)]
    [InlineData("""{"v":[]}""", null)]
    [InlineData("""{"v":null}""", "found null, expected a value")]
    [InlineData("""{"w":1}""", "found nothing, expected a value")]
    [InlineData("{}", "found nothing, expected a value")]
    public void Required_field_is_there_and_not_null(string record, string? misfit) => Judge(new RequiredRule(), record, misfit);

    [Theory]
    [InlineData("\"\"", "found 0 characters (''), expected 2 to 3 characters")]
    [InlineData("\"a\"", "found 1 character ('a'), expected 2 to 3 characters")]
    [InlineData("\"ab\"", null)]
    [InlineData("\"éß💧\"", null)]
    [InlineData("\"💧💧💧💧\"", "found 4 characters ('💧💧💧💧'), expected 2 to 3 characters")]
    [InlineData("\"\\ud83d\\udca7\"", "found 1 character ('💧'), expected 2 to 3 characters")]
    [InlineData("\"\\u0061\\u0062\"", null)]
    [InlineData("\"\\u0061\\ud83d\"", "found a text that can't be read: ", true)]
    [InlineData("12", "found the number 12, expected a text of 2 to 3 characters")]
    [InlineData("true", "found true, expected a text of 2 to 3 characters")]
    [InlineData("[\"ab\"]", "found a list, expected a text of 2 to 3 characters")]
    [InlineData("{\"v\":\"ab\"}", "found an object, expected a text of 2 to 3 characters")]
    [InlineData("null", null)]
    public void Length_counts_code_points_of_a_text(string value, string? misfit, bool isStart = false) =>
        Judge(new LengthRule(2, 3), $"{{\"v\":{value}}}", misfit, isStart);

    [Theory]
    [InlineData(2, null, "\"a\"", "found 1 character ('a'), expected at least 2 characters")]
    [InlineData(2, null, "\"abc\"", null)]
    [InlineData(null, 2, "\"abc\"", "found 3 characters ('abc'), expected at most 2 characters")]
    [InlineData(null, 2, "\"\"", null)]
    public void Length_may_have_one_bound(int? min, int? max, string value, string? misfit) => Judge(new LengthRule(min, max), $"{{\"v\":{value}}}", misfit);

    [Fact]
    public void Long_text_is_shown_shortened_and_never_cut_between_the_halves_of_a_pair() =>
        Judge(new LengthRule(null, 5), $$"""{"v":"{{new string('x', 39)}}💧 and more"}""", $"found 49 characters ('{new string('x', 39)}…'), expected at most 5 characters");

    [Theory]
    [InlineData("0", null)]
    [InlineData("-0", null)]
    [InlineData("9.5", null)]
    [InlineData("9.50", null)]
    [InlineData("95e-1", null)]
    [InlineData("9.5000000000000001", "found the number 9.5000000000000001, expected a number, 0 to 9.5")]
    [InlineData("-0.0000000000000000001", "found the number -0.0000000000000000001, expected a number, 0 to 9.5")]
    [InlineData("1e-400", null)]
    [InlineData("1e400", "found the number 1e400, expected a number, 0 to 9.5")]
    [InlineData("-1e400", "found the number -1e400, expected a number, 0 to 9.5")]
    [InlineData("\"5\"", "found the text '5', expected a number, 0 to 9.5")]
    [InlineData("false", "found false, expected a number, 0 to 9.5")]
    [InlineData("null", null)]
    public void Range_compares_numbers_in_decimal(string value, string? misfit) => Judge(new RangeRule(0m, 9.5m), $"{{\"v\":{value}}}", misfit);

    [Theory]
    [InlineData("1e400", null)]
    [InlineData("-1e400", "found the number -1e400, expected a number, at least 0")]
    [InlineData("100000000000000000000000000000000", null)]
    public void Range_without_an_end_takes_numbers_beyond_any_type(string value, string? misfit) => Judge(new RangeRule(0m, null), $"{{\"v\":{value}}}", misfit);

    [Theory]
    [InlineData("\"FR\"", null)]
    [InlineData("\"F\\u0052\"", null)]
    [InlineData("\"fr\"", "found the text 'fr', expected a text that matches ^[A-Z]{2}$")]
    [InlineData("\"FRA\"", "found the text 'FRA', expected a text that matches ^[A-Z]{2}$")]
    [InlineData("42", "found the number 42, expected a text that matches ^[A-Z]{2}$")]
    public void Pattern_is_found_in_a_text(string value, string? misfit) => Judge(Pattern("^[A-Z]{2}$"), $"{{\"v\":{value}}}", misfit);

    [Fact]
    public void Pattern_that_would_go_back_for_ever_answers_at_once_on_a_long_text() =>
        Judge(Pattern("^(a+)+$"), $"{{\"v\":\"{new string('a', 100_000)}!\"}}", $"found the text '{new string('a', 40)}…', expected a text that matches ^(a+)+$");

    [Theory]
    [InlineData("\"a\"", null)]
    [InlineData("\"\\u0061\"", null)]
    [InlineData("1", null)]
    [InlineData("\"1\"", null)]
    [InlineData("true", null)]
    [InlineData("1.0", "found the number 1.0, expected one of 'a', '1', 'true'")]
    [InlineData("\"A\"", "found the text 'A', expected one of 'a', '1', 'true'")]
    [InlineData("[\"a\"]", "found a list, expected one of 'a', '1', 'true'")]
    public void Value_is_one_of_those_given_as_written(string value, string? misfit) => Judge(new OneOfRule(["a", "1", "true"]), $"{{\"v\":{value}}}", misfit);

    [Fact]
    public void Of_many_values_the_first_are_named() =>
        Judge(new OneOfRule([.. Enumerable.Range(0, 12).Select(i => $"{i}")]), """{"v":"x"}""", "found the text 'x', expected one of '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' and 2 more");

    [Theory]
    [InlineData("\"A very good shop, with kind people!\"", "found the text 'A very good shop, with kind people!' with a similarity of 1 to 'a very good shop with kind people', expected less than 0.6")]
    [InlineData("\"a very good shop with kind staff\"", "found the text 'a very good shop with kind staff' with a similarity of 0.667 to 'a very good shop with kind people', expected less than 0.6")]
    [InlineData("\"a very good shop\"", null)]
    [InlineData("\"another thing altogether\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("3", "found the number 3, expected a text")]
    public void Text_is_too_similar_to_one_that_is_given(string value, string? misfit) => Judge(new TooSimilarRule(["nothing like it", Reference], null), $"{{\"v\":{value}}}", misfit);

    [Theory]
    [InlineData("\"one two three\"", "\"One  Two-Three\"", "found the text 'one two three' with a similarity of 1 to 'other', expected less than 0.6")]
    [InlineData("\"one two three\"", "\"\\u006fne two three\"", "found the text 'one two three' with a similarity of 1 to 'other', expected less than 0.6")]
    [InlineData("\"one two three\"", "\"one two four\"", null)]
    [InlineData("\"one two three\"", "null", null)]
    [InlineData("\"one two three\"", "7", "found the number 7 in 'other', expected a text to compare with")]
    public void Text_is_too_similar_to_another_field(string value, string other, string? misfit) =>
        Judge(new TooSimilarRule([], JsonPath.Parse("other")), $"{{\"v\":{value},\"other\":{other}}}", misfit);

    [Theory]
    [InlineData("a.b[1].c", """{"a":{"b":[0,{"c":null}]}}""", "found null")]
    [InlineData("a.b[1].c", """{"a":{"b":[0,{"c":1}]}}""", null)]
    [InlineData("a.b[1].c", """{"a":{"b":[{"c":1}]}}""", "found nothing")]
    [InlineData("a.b[1].c", """{"a":[1],"c":1}""", "found nothing")]
    [InlineData("['a.b']", """{"a":{"b":1},"a.b":null}""", "found null")]
    [InlineData("a", """{"\u0061":1}""", null)]
    [InlineData("a", """{"a":1,"a":null}""", "found null")]
    [InlineData("a.b", """{"a":{"b":1},"a":null}""", "found nothing")]
    [InlineData("a.b", """{"a":{"b":null,"b":1}}""", null)]
    public void Field_may_lie_deep_and_of_a_name_that_comes_twice_the_last_counts(string field, string record, string? found)
    {
        var rejection = new RecordValidator([new ValidationRule(JsonPath.Parse(field), new RequiredRule())]).Judge(Encoding.UTF8.GetBytes(record));
        rejection?.Reason.ShouldStartWith($"{field}: required: {found}, ");
        (rejection is null).ShouldBe(found is null);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("no JSON")]
    [InlineData("""{"v":""")]
    [InlineData("")]
    public void Record_that_is_none_is_left_to_the_batch(string record) => Judge(new RequiredRule(), record, null);

    [Fact]
    public void First_broken_rule_rejects_and_its_own_reason_stands_before_what_was_found()
    {
        var validator = new RecordValidator([
            Rule("name", new RequiredRule()) with { Reason = "every shop has a name" },
            Rule("stars", new RangeRule(1, 5)),
            Rule("name", new LengthRule(3, null)),
        ]);
        validator.Judge("""{"stars":9}"""u8).ShouldBe(new Rejection("name: required", "name: required: every shop has a name (found nothing, expected a value)"));
        validator.Judge("""{"stars":9,"name":"x"}"""u8).ShouldBe(new Rejection("stars: range", "stars: range: found the number 9, expected a number, 1 to 5"));
        validator.Judge("""{"stars":5,"name":"x"}"""u8).ShouldBe(new Rejection("name: length", "name: length: found 1 character ('x'), expected at least 3 characters"));
        validator.Judge("""{"stars":5,"name":"xyz"}"""u8).ShouldBeNull();
    }

    [Fact]
    public void Valid_record_costs_no_memory()
    {
        var validator = new RecordValidator([
            Rule("text", new RequiredRule()), Rule("text", new LengthRule(1, 5000)), Rule("n", new RangeRule(0, 10)), Rule("a.code", Pattern("^[A-Z]{2}$")), Rule("n", new OneOfRule(["1", "2"])),
            Rule("text", new TooSimilarRule([Reference], null)), Rule("text", new TooSimilarRule([], JsonPath.Parse("other"))),
        ]);
        var record = Encoding.UTF8.GetBytes($$"""{"n":2,"text":"{{string.Join(' ', Enumerable.Range(0, 300).Select(i => $"w{i}"))}}\n","other":"one\ttwo","a":{"code":"FR"} }""");
        for (var i = 0; i < 100; i++) validator.Judge(record).ShouldBeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var rejected = 0;
        for (var i = 0; i < 1000; i++) rejected += validator.Judge(record) is null ? 0 : 1;
        (rejected, GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe((0, 0L));
    }

    private static PatternRule Pattern(string text) => new(new Regex(text, RegexOptions.NonBacktracking));

    private static ValidationRule Rule(string field, FieldRule rule) => new(JsonPath.Parse(field), rule);

    private static void Judge(FieldRule rule, string record, string? misfit, bool isStart = false)
    {
        var rejection = new RecordValidator([Rule("v", rule)]).Judge(Encoding.UTF8.GetBytes(record));
        if (misfit is null) rejection.ShouldBeNull();
        else if (isStart) rejection!.Value.Reason.ShouldStartWith($"v: {rule.Name}: {misfit}");
        else rejection.ShouldBe(new Rejection($"v: {rule.Name}", $"v: {rule.Name}: {misfit}"));
    }
}
