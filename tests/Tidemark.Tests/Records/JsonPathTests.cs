using System.Text;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class JsonPathTests
{
    private const string Document = """{"a":{"b":[{"c":1},{"c":"x\ny"},{"d":null}],"a.b":true},"0":"zero","a.b":"dotted","e":[],"é":{"ü":-1.50}}""";

    [Theory]
    [InlineData("a.b[0].c", "1")]
    [InlineData("a.b[1].c", "x\ny")]
    [InlineData("a.b[*].c", "1")]
    [InlineData("a['a.b']", "true")]
    [InlineData("['a.b']", "dotted")]
    [InlineData("[\"a.b\"]", "dotted")]
    [InlineData("['a']['b'][0]['c']", "1")]
    [InlineData("0", "zero")]
    [InlineData("é.ü", "-1.50")]
    [InlineData("a.b[2].d", null)]
    [InlineData("a.b[3].c", null)]
    [InlineData("a.b", null)]
    [InlineData("a.b.c", null)]
    [InlineData("a[0]", null)]
    [InlineData("e[*]", null)]
    [InlineData("A", null)]
    [InlineData("", null)]
    [InlineData("$", null)]
    public void FindText_answers_the_first_scalar_at_the_path(string path, string? expected) =>
        JsonPath.Parse(path).FindText(Encoding.UTF8.GetBytes(Document)).ShouldBe(expected);

    [Theory]
    [InlineData("a.b[1]", """{"c":"x\ny"}""")]
    [InlineData("a.b[2].d", "null")]
    [InlineData("e", "[]")]
    [InlineData("$", Document)]
    [InlineData("", Document)]
    public void TryFind_answers_the_bytes_of_the_value(string path, string expected) => Find(path, Document).ShouldBe(expected);

    [Theory]
    [InlineData("missing")]
    [InlineData("a.missing")]
    [InlineData("e[0]")]
    [InlineData("$.a")]
    public void TryFind_of_nothing_is_false(string path) => Find(path, Document).ShouldBeNull();

    [Theory]
    [InlineData(" \"text\" ", "text")]
    [InlineData("12", "12")]
    [InlineData("null", null)]
    public void Document_that_is_a_scalar_is_found_at_the_root(string json, string? expected) =>
        JsonPath.Parse("$").FindText(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);

    [Fact]
    public void Name_is_compared_unescaped() => JsonPath.Parse("ab").FindText("""{"\u0061b":"yes"}"""u8).ShouldBe("yes");

    [Theory]
    [InlineData(".a", "a name is missing at position 1")]
    [InlineData("a.", "a name is missing at position 3")]
    [InlineData("a..b", "a name is missing at position 3")]
    [InlineData("a.[0]", "a name is missing at position 3")]
    [InlineData("a[0", "']' is missing at position 2")]
    [InlineData("a['b]", "']' is missing at position 2")]
    [InlineData("[", "']' is missing at position 1")]
    [InlineData("a[]", "expected [*], [0] or ['name'] at position 2")]
    [InlineData("a[-1]", "expected [*], [0] or ['name'] at position 2")]
    [InlineData("a[x]", "expected [*], [0] or ['name'] at position 2")]
    [InlineData("a[0]b", "expected '.' or '[' at position 5")]
    public void Parse_of_what_is_no_path_says_where(string path, string what) =>
        Should.Throw<FormatException>(() => JsonPath.Parse(path)).Message
            .ShouldBe($"found the path '{path}': {what}; expected names joined by dots, such as data.items[*].node");

    [Fact]
    public void ToString_gives_the_path_as_it_was_written() => JsonPath.Parse("a['b c'][*]").ToString().ShouldBe("a['b c'][*]");

    [Theory]
    [InlineData("$", """[{"id":1}, 2 ,[3]]""", """{"id":1}|2|[3]""")]
    [InlineData("$", """{"id":1}""", """{"id":1}""")]
    [InlineData("$", "null", "")]
    [InlineData("$", "[null]", "null")]
    [InlineData("data", """{"data":[],"more":1}""", "")]
    [InlineData("data", """{"data":null}""", "")]
    [InlineData("data", """{"data":{"id":1},"x":[{}]}""", """{"id":1}""")]
    [InlineData("data[*].node", """{"data":[{"node":{"a":1}},{"cursor":"c"},{"node":{"a":2}}]}""", """{"a":1}|{"a":2}""")]
    [InlineData("data[*]", """{"data":[[1,2],[3]]}""", "1|2|3")]
    [InlineData("data[*]", """{"data":[]}""", "")]
    [InlineData("data[1]", """{"data":[[1,2],[3,4]]}""", "3|4")]
    public void Collect_takes_the_items_of_a_list_or_the_one_value(string path, string json, string expected)
    {
        Collect(path, json, out var records).ShouldBeTrue();
        records.ShouldBe(expected);
    }

    [Theory]
    [InlineData("data", "{}")]
    [InlineData("data", "null")]
    [InlineData("data", "[1]")]
    [InlineData("data.items", """{"data":[]}""")]
    [InlineData("data[*]", """{"data":{"id":1}}""")]
    [InlineData("data[0]", """{"data":[]}""")]
    public void Collect_where_nothing_is_at_the_path_is_false(string path, string json)
    {
        Collect(path, json, out var records).ShouldBeFalse();
        records.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"data":[{"id":1},{"id":2}""")]
    [InlineData("""{"data":[{"id":1}],"next":""")]
    [InlineData("""{"data":[{"id":1}]} and more""")]
    [InlineData("""{"data":[{"id":1}]}{"data":[]}""")]
    [InlineData("<html>")]
    public void Collect_of_a_document_that_is_not_whole_throws(string json) => Should.Throw<JsonException>(() => Collect("data", json, out _));

    [Fact]
    public void Collect_bears_nesting_up_to_the_limit_and_refuses_more()
    {
        Collect("$", Nested(JsonPath.MaxDepth), out var records).ShouldBeTrue();
        records.Length.ShouldBe(2 * (JsonPath.MaxDepth - 1));
        Should.Throw<JsonException>(() => Collect("$", Nested(JsonPath.MaxDepth + 1), out _));
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string? Find(string path, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return JsonPath.Parse(path).TryFind(bytes, out var slice) ? Encoding.UTF8.GetString(bytes, slice.Offset, slice.Length) : null;
    }

    private static bool Collect(string path, string json, out string records)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var slices = new List<RecordSlice>();
        var any = JsonPath.Parse(path).Collect(bytes, slices);
        records = string.Join('|', slices.Select(s => Encoding.UTF8.GetString(bytes, s.Offset, s.Length)));
        return any;
    }
}
