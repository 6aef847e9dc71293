using System.Text.Json;
using System.Text.RegularExpressions;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Tests.Lookups;

public sealed class KeyTests
{
    private static readonly LookupParam[] Discovery =
    [
        new() { Name = "domain", Type = LookupParamType.Int, Min = 1, Max = 12 }, new() { Name = "category" }, new() { Name = "bsr_min", Type = LookupParamType.Int },
        new() { Name = "bsr_max", Type = LookupParamType.Int }, new() { Name = "price", Type = LookupParamType.Number }, new() { Name = "prime", Type = LookupParamType.Bool }, new() { Name = "user" },
    ];

    private const string Template = "discovery:{domain}:{category}:{bsr_min}-{bsr_max}";

    [Theory]
    [InlineData("""{"domain":1,"category":"172282","bsr_min":100,"bsr_max":5000}""", "discovery:1:172282:100-5000")]
    [InlineData("""{"domain":1,"category":"a:b","bsr_min":-5,"bsr_max":5}""", "discovery:1:a%3Ab:%2D5-5")]
    [InlineData("""{"domain":1,"category":"","bsr_min":1,"bsr_max":2}""", "discovery:1::1-2")]
    [InlineData("""{"domain":1,"category":"~","bsr_min":1,"bsr_max":2}""", "discovery:1:%7E:1-2")]
    [InlineData("""{"domain":1,"category":"%3A #\u0000é","bsr_min":1,"bsr_max":2}""", "discovery:1:%253A%20%23%00é:1-2")]
    public void Key_is_readable_and_its_parts_are_told_apart(string json, string key) => Of(json).Text.ShouldBe(key);

    [Fact]
    public void Absent_value_is_not_an_empty_one()
    {
        var maker = new KeyMaker([new() { Name = "a" }, new() { Name = "b", Required = false }], KeyTemplate.Parse("k:{a}:{b}"), KeyRest.Hash, []);
        string Key(string json) => maker.Of(JsonDocument.Parse(json).RootElement).Text;
        Key("""{"a":"x"}""").ShouldBe("k:x:~");
        Key("""{"a":"x","b":null}""").ShouldBe("k:x:~");
        Key("""{"a":"x","b":""}""").ShouldBe("k:x:");
    }

    [Fact]
    public void Filters_that_the_key_does_not_name_make_another_key_and_what_history_takes_does_not()
    {
        const string Base = "\"domain\":1,\"category\":\"c\",\"bsr_min\":1,\"bsr_max\":2";
        var plain = Of($"{{{Base}}}").Text;
        var keys = new[] { "\"price\":1.5", "\"price\":1.6", "\"prime\":true", "\"prime\":false", "\"price\":1.5,\"prime\":true" }.Select(f => Of($"{{{Base},{f}}}").Text).Append(plain).ToList();
        keys.ShouldBeUnique(StringComparer.Ordinal);
        keys.SkipLast(1).ShouldAllBe(k => k.StartsWith(plain + "#", StringComparison.Ordinal) && k.Length == plain.Length + 17);
        // One value has one key, however it is written.
        Of($"{{{Base},\"price\":1.50}}").Text.ShouldBe(keys[0]);
        Of($"{{{Base},\"price\":15e-1}}").Text.ShouldBe(keys[0]);
        Maker(KeyRest.Hash).Of([new("domain", "01"), new("category", "c"), new("bsr_min", "1"), new("bsr_max", "2"), new("price", "1.5")]).Text.ShouldBe(keys[0]);
        var told = Of($"{{{Base},\"user\":\"u1\"}}");
        (told.Text, told.Told["user"].Text, told.Values.ContainsKey("user")).ShouldBe((plain, "u1", false));
        Should.Throw<LookupInputException>(() => Maker(KeyRest.Refuse).Of(JsonDocument.Parse($"{{{Base},\"price\":1}}").RootElement)).Message.ShouldContain("'price' is not part of the key");
    }

    [Fact]
    public void Long_key_is_cut_and_told_apart_by_a_hash()
    {
        var keys = new[] { "x", "y" }.Select(end => Of($$"""{"domain":1,"category":"{{new string('k', 10_000)}}{{end}}","bsr_min":1,"bsr_max":2}""").Text).ToList();
        keys.ShouldAllBe(k => k.Length == 200 && k.StartsWith("discovery:1:kkk", StringComparison.Ordinal));
        keys.ShouldBeUnique(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("""{"domain":1,"category":"c","bsr_min":1}""", "the parameter 'bsr_max' is missing, expected a whole number")]
    [InlineData("""{"domain":13,"category":"c","bsr_min":1,"bsr_max":2}""", "found 13 in 'domain', expected a whole number from 1 to 12")]
    [InlineData("""{"domain":"1","category":"c","bsr_min":1,"bsr_max":2}""", "found '1' in 'domain', expected a whole number from 1 to 12")]
    [InlineData("""{"domain":1.5,"category":"c","bsr_min":1,"bsr_max":2}""", "found 1.5 in 'domain'")]
    [InlineData("""{"domain":1,"category":7,"bsr_min":1,"bsr_max":2}""", "found 7 in 'category', expected a text")]
    [InlineData("""{"domain":1,"category":{},"bsr_min":1,"bsr_max":2}""", "found an object in 'category', expected a single value")]
    [InlineData("""{"domain":1,"category":"c","bsr_min":1,"bsr_max":2,"categry":"d"}""", "unknown parameter 'categry'; did you mean 'category'?")]
    [InlineData("""{"domain":1,"domain":2,"category":"c","bsr_min":1,"bsr_max":2}""", "'domain' is there twice")]
    [InlineData("""{"domain":1,"category":"\ud83d","bsr_min":1,"bsr_max":2}""", "an escape that is no character")]
    [InlineData("[1]", "found a list, expected an object with the parameters")]
    public void Input_that_is_no_key_is_refused_with_the_reason(string json, string expected) => Should.Throw<LookupInputException>(() => Of(json)).Message.ShouldContain(expected);

    [Fact]
    public void Pattern_takes_whatever_alternative_is_the_whole_text()
    {
        var maker = new KeyMaker([new() { Name = "id", Pattern = new Regex("a|ab", RegexOptions.NonBacktracking) }], KeyTemplate.Parse("{id}"), KeyRest.Hash, []);
        maker.Of(JsonSerializer.SerializeToElement("ab")).Text.ShouldBe("ab");
        Should.Throw<LookupInputException>(() => maker.Of(JsonSerializer.SerializeToElement("abc"))).Message.ShouldContain("expected a text like a|ab");
    }

    [Theory]
    [InlineData("B00EXAMPLE", true)]
    [InlineData("B00EXAMPLE ", false)]
    [InlineData("b00example", false)]
    [InlineData("XB00EXAMPLE", false)]
    [InlineData("B00EXAMPLE\n", false)]
    [InlineData("", false)]
    public void Pattern_is_for_the_whole_text(string asin, bool fits)
    {
        var maker = new KeyMaker([new() { Name = "asin", Pattern = new Regex("[A-Z0-9]{10}", RegexOptions.None, TimeSpan.FromSeconds(1)) }], KeyTemplate.Parse("{asin}"), KeyRest.Hash, []);
        var single = JsonSerializer.SerializeToElement(asin);
        if (fits) maker.Of(single).Text.ShouldBe(asin);
        else Should.Throw<LookupInputException>(() => maker.Of(single)).Message.ShouldContain("expected a text like [A-Z0-9]{10}");
    }

    [Theory]
    [InlineData("scoring", "names no parameter")]
    [InlineData("a:{}", "expected names of parameters in braces")]
    [InlineData("a:{b", "expected names of parameters in braces")]
    [InlineData("a:b}", "expected names of parameters in braces")]
    [InlineData("{a}{b}", "a separator is missing")]
    [InlineData("{a}x{b}", "a separator is missing")]
    public void Template_that_tells_nothing_apart_is_refused(string text, string expected) => Should.Throw<FormatException>(() => KeyTemplate.Parse(text)).Message.ShouldContain(expected);

    [Fact]
    public void No_two_values_have_one_key()
    {
        var template = KeyTemplate.Parse("k:{a}-{b}_{c}");
        string[] parts = ["", "-", "_", ":", "%", "%2D", "a", "a-", "-a", "_a", "~", "#", "a_b", "1-2"];
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var a in parts)
        {
            foreach (var b in parts)
            {
                foreach (var c in parts)
                {
                    var key = template.Fill(new Dictionary<string, ScalarValue>(StringComparer.Ordinal) { ["a"] = ScalarValue.Of(a), ["b"] = ScalarValue.Of(b), ["c"] = ScalarValue.Of(c) });
                    keys.TryAdd(key, $"{a}|{b}|{c}").ShouldBeTrue($"{key}: {keys[key]} and {a}|{b}|{c}");
                }
            }
        }
    }

    private static LookupKey Of(string json) => Maker(KeyRest.Hash).Of(JsonDocument.Parse(json).RootElement);

    private static KeyMaker Maker(KeyRest rest) => new(Discovery, KeyTemplate.Parse(Template), rest, ["user"]);
}
