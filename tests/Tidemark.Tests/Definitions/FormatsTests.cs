using System.Globalization;
using Tidemark.Definitions;

namespace Tidemark.Tests.Definitions;

public class FormatsTests
{
    private enum Sample
    {
        LinkHeader,
        None,
    }

    private static readonly Dictionary<string, Format<string>> All = new(StringComparer.Ordinal)
    {
        ["text"] = Formats.Text,
        ["boolean"] = Text(Formats.Boolean),
        ["secret"] = Text(Formats.Secret),
        ["duration"] = Text(Formats.Duration),
        ["url"] = Text(Formats.HttpUrl),
        ["path"] = Formats.FilePath,
        ["share"] = Text(Formats.Share),
        ["size"] = Text(Formats.ByteSize),
        ["count"] = Text(Formats.Integer(1, 100)),
        ["number"] = Text(Formats.Integer(0)),
        ["choice"] = Text(Formats.OneOf<Sample>()),
        ["parsed"] = Text(Formats.Parsed(s => s.Length == 3 ? s : throw new FormatException($"found '{s}', expected three letters"))),
    };

    [Theory]
    [InlineData("text", "a b", "a b")]
    [InlineData("text", "12", "12")]
    [InlineData("boolean", "true", "True")]
    [InlineData("secret", "hidden", "***")]
    [InlineData("duration", "90s", "00:01:30")]
    [InlineData("url", "https://api.test/v1", "https://api.test/v1")]
    [InlineData("path", "data/x.json", "dir/data/x.json")]
    [InlineData("path", "/abs/x.json", "/abs/x.json")]
    [InlineData("path", "-", "-")]
    [InlineData("share", "20%", "0.2")]
    [InlineData("share", "0.2", "0.2")]
    [InlineData("share", "100%", "1")]
    [InlineData("size", "1", "1")]
    [InlineData("size", "512KiB", "524288")]
    [InlineData("size", "4MiB", "4194304")]
    [InlineData("size", "1GiB", "1073741824")]
    [InlineData("size", "10kB", "10000")]
    [InlineData("size", "10B", "10")]
    [InlineData("count", "100", "100")]
    [InlineData("choice", "link_header", "LinkHeader")]
    [InlineData("parsed", "abc", "abc")]
    public void Good_value_is_read(string format, string text, string expected) => All[format].Read(Nodes.Plain(text)).ShouldBe("ok " + expected);

    [Theory]
    [InlineData("text", "", "found nothing, expected a text")]
    [InlineData("text", "~", "found nothing, expected a text")]
    [InlineData("boolean", "yes", "found 'yes', expected true or false")]
    [InlineData("boolean", "True", "found 'True', expected true or false")]
    [InlineData("secret", "null", "found nothing, expected a text that is not empty (is the environment variable set?)")]
    [InlineData("duration", "5 minutes", "found '5 minutes', expected a duration such as 30s, 15m, 6h, 7d or PT1H30M")]
    [InlineData("duration", "-1s", "found '-1s', expected a duration such as 30s, 15m, 6h, 7d or PT1H30M")]
    [InlineData("url", "api.test/?key=hidden", "found a value that is not shown here, expected an absolute http:// or https:// address")]
    [InlineData("url", "ftp://api.test", "found a value that is not shown here, expected an absolute http:// or https:// address")]
    [InlineData("path", "", "found nothing, expected a path")]
    [InlineData("share", "101%", "found '101%', expected a share such as 20%")]
    [InlineData("share", "20", "found '20', expected a share such as 20%")]
    [InlineData("share", "%", "found '%', expected a share such as 20%")]
    [InlineData("share", "NaN", "found 'NaN', expected a share such as 20%")]
    [InlineData("size", "0", "found '0', expected a size such as 512KiB or 4MiB")]
    [InlineData("size", "-1", "found '-1', expected a size such as 512KiB or 4MiB")]
    [InlineData("size", "1.5MiB", "found '1.5MiB', expected a size such as 512KiB or 4MiB")]
    [InlineData("size", "4mb", "found '4mb', expected a size such as 512KiB or 4MiB")]
    [InlineData("size", "10000000000GiB", "found '10000000000GiB', expected a size such as 512KiB or 4MiB")]
    [InlineData("count", "0", "found '0', expected a whole number from 1 to 100")]
    [InlineData("count", "101", "found '101', expected a whole number from 1 to 100")]
    [InlineData("count", "1.0", "found '1.0', expected a whole number from 1 to 100")]
    [InlineData("number", "-1", "found '-1', expected a whole number, at least 0")]
    [InlineData("choice", "LinkHeader", "found 'LinkHeader', expected one of link_header, none")]
    [InlineData("parsed", "abcd", "found 'abcd', expected three letters")]
    [InlineData("parsed", "", "found nothing, expected a text")]
    public void Bad_value_is_refused_with_what_was_found_and_expected(string format, string text, string message) =>
        All[format].Read(Nodes.Plain(text, line: 3)).ShouldBe("dir/f.yaml:3:10: " + message);

    [Fact]
    public void List_where_a_value_belongs_is_refused()
    {
        foreach (var format in All.Values) format.Read(Nodes.List(Nodes.Plain("a"))).ShouldStartWith("dir/f.yaml:1:10: found a list, expected ");
    }

    [Fact]
    public void Value_of_a_variable_is_not_shown()
    {
        var node = Nodes.Plain("hidden") with { Written = "${TOKEN}" };
        Formats.Boolean.Read(node).ShouldBe("dir/f.yaml:1:10: found '${TOKEN}', expected true or false");
        All["parsed"].Read(node).ShouldBe("dir/f.yaml:1:10: found '${TOKEN}', whose value can't be read here");
    }

    [Fact]
    public void List_reads_its_items_and_reports_all_bad_ones()
    {
        var list = Formats.List(Formats.Integer(0));
        list.TryRead(Nodes.List(Nodes.Plain("1"), Nodes.Plain("2")), new ConfigProblems(), out var value).ShouldBeTrue();
        value.ShouldBe([1, 2]);
        list.Read(Nodes.List(Nodes.Plain("x"), Nodes.Plain("1"), Nodes.Plain("y", 2)))
            .ShouldBe("dir/f.yaml:1:10: found 'x', expected a whole number, at least 0\ndir/f.yaml:2:10: found 'y', expected a whole number, at least 0");
        list.Read(Nodes.Plain("1")).ShouldBe("dir/f.yaml:1:10: found '1', expected a list, such as [a, b]");
        Formats.OneOrMany(Formats.Integer(0)).TryRead(Nodes.Plain("1"), new ConfigProblems(), out var single).ShouldBeTrue();
        single.ShouldBe([1]);
    }

    [Fact]
    public void Map_keeps_the_order_of_its_keys()
    {
        var map = Formats.Map(Formats.Text);
        map.TryRead(Nodes.Map(("z", Nodes.Plain("1")), ("a", Nodes.Plain("2")), ("m", Nodes.Plain("3"))), new ConfigProblems(), out var value).ShouldBeTrue();
        value!.Keys.ShouldBe(["z", "a", "m"]);
        map.Read(Nodes.Plain("x")).ShouldBe("dir/f.yaml:1:10: found 'x', expected names with values");
        map.Read(Nodes.Map(("a", Nodes.Plain("")), ("b", Nodes.List()))).Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public void Schema_says_what_is_read()
    {
        Formats.Integer(1, 5).Schema().ToJsonString().ShouldBe("""{"type":"integer","minimum":1,"maximum":5}""");
        Formats.Integer().Schema().ToJsonString().ShouldBe("""{"type":"integer","minimum":0}""");
        Formats.OneOf<Sample>().Schema().ToJsonString().ShouldBe("""{"enum":["link_header","none"]}""");
        Formats.OneOrMany(Formats.Boolean).Schema().ToJsonString().ShouldBe("""{"anyOf":[{"type":"boolean"},{"type":"array","items":{"type":"boolean"}}]}""");
        Formats.Map(Formats.Duration).Schema().ToJsonString().ShouldBe("""{"type":"object","additionalProperties":{"type":"string"}}""");
        Formats.Share.Schema().ToJsonString().ShouldBe("""{"type":["string","number"]}""");
    }

    [Fact]
    public void Secret_is_never_printed()
    {
        var secret = new Secret("hidden");
        new { secret }.ToString().ShouldBe("{ secret = *** }");
        System.Text.Json.JsonSerializer.Serialize(secret).ShouldNotContain("hidden");
        secret.Reveal().ShouldBe("hidden");
        secret.Equals(new Secret("hidden")).ShouldBeTrue();
        secret.Equals(new Secret("other")).ShouldBeFalse();
        Formats.Secret.Read(Nodes.List(Nodes.Plain("hidden"))).ShouldNotContain("hidden");
    }

    private static Format<string> Text<T>(Format<T> format) => new AsText<T>(format);

    private sealed class AsText<T>(Format<T> format) : Format<string>
    {
        public override bool TryRead(ConfigNode node, ConfigProblems problems, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value)
        {
            var ok = format.TryRead(node, problems, out var read);
            value = ok ? string.Create(CultureInfo.InvariantCulture, $"{read}") : null;
            return ok;
        }

        public override System.Text.Json.Nodes.JsonObject Schema() => format.Schema();
    }
}
