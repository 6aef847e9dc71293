using Tidemark.Definitions;

namespace Tidemark.Tests.Definitions;

public class ShapeTests
{
    private sealed record Shop
    {
        public string Name { get; init; } = "";

        public long Least { get; init; } = 1;

        public long Most { get; init; } = 10;
    }

    private static Shape<Shop> Shape { get; } = new Shape<Shop>("A shop.", () => new Shop())
        .Required("name", Formats.Text, (s, v) => s with { Name = v }, "Its name.")
        .Optional("least", Formats.Integer(), (s, v) => s with { Least = v }, "At least; default 1.")
        .Optional("most", Formats.Integer(), (s, v) => s with { Most = v }, "At most; default 10.")
        .Later("budget")
        .Rule(s => s.Least > s.Most ? ("least", "least is more than most") : null)
        .Rule(s => s.Name is "nowhere" ? (null, "there is no such shop") : null);

    private static Variants<Shop> Variants { get; } = new Variants<Shop>("shop").Add("corner", Shape).Add("market", Shape).Later("web");

    [Fact]
    public void Keys_set_what_they_are_about_and_the_rest_keeps_its_default() =>
        Shape.Read(Nodes.Map(("most", Nodes.Plain("5")), ("name", Nodes.Plain("a")))).ShouldBe("ok Shop { Name = a, Least = 1, Most = 5 }");

    [Fact]
    public void All_problems_are_found_at_once() =>
        Shape.Read(Nodes.Map(("leest", Nodes.Plain("1")), ("most", Nodes.Plain("x", 2)), ("colour", Nodes.Plain("red", 3)), ("budget", Nodes.Plain("1", 4)))).ShouldBe("""
            dir/f.yaml:1:1: unknown key 'leest'; did you mean 'least'?
            dir/f.yaml:1:1: the key 'name' is missing
            dir/f.yaml:2:10: found 'x', expected a whole number, at least 0
            dir/f.yaml:3:1: unknown key 'colour'; known here: name, least, most, budget
            dir/f.yaml:4:1: 'budget' is not available in this version; take it out
            """);

    [Fact]
    public void Broken_rule_stands_at_its_key()
    {
        Shape.Read(Nodes.Map(("name", Nodes.Plain("a")), ("least", Nodes.Plain("11", 2)))).ShouldBe("dir/f.yaml:2:1: least is more than most");
        Shape.Read(Nodes.Map(("name", Nodes.Plain("a")), ("most", Nodes.Plain("0", 2)))).ShouldBe("dir/f.yaml:1:1: least is more than most");
        Shape.Read(Nodes.Map(("name", Nodes.Plain("nowhere")))).ShouldBe("dir/f.yaml:1:1: there is no such shop");
    }

    [Fact]
    public void Rules_are_not_asked_while_a_key_is_wrong() =>
        Shape.Read(Nodes.Map(("name", Nodes.Plain("a")), ("least", Nodes.Plain("11", 2)), ("most", Nodes.Plain("x", 3)))).ShouldBe("dir/f.yaml:3:10: found 'x', expected a whole number, at least 0");

    [Fact]
    public void What_is_no_mapping_is_refused()
    {
        Shape.Read(Nodes.Plain("a")).ShouldBe("dir/f.yaml:1:10: found 'a', expected a mapping with the keys name, least, most, budget");
        Shape.Read(Nodes.List()).ShouldStartWith("dir/f.yaml:1:10: found a list, expected a mapping");
        Shape.Read(Nodes.Plain("")).ShouldBe("dir/f.yaml:1:10: the key 'name' is missing");
        Shape.Read(Nodes.Map(("name", Nodes.Plain("")))).ShouldBe("dir/f.yaml:1:10: found nothing, expected a text");
    }

    [Fact]
    public void Keys_of_others_are_passed_over_and_offered_as_near_ones()
    {
        var problems = new ConfigProblems();
        Shape.TryRead(Nodes.Map(("name", Nodes.Plain("a")), ("type", Nodes.Plain("x"))), problems, ["type"], out _).ShouldBeTrue();
        Shape.TryRead(Nodes.Map(("name", Nodes.Plain("a")), ("tpye", Nodes.Plain("x"))), problems, ["type"], out _).ShouldBeFalse();
        problems.Items.Single().Message.ShouldBe("unknown key 'tpye'; did you mean 'type'?");
    }

    [Fact]
    public void Schema_follows_from_the_keys() =>
        Shape.Schema().ToJsonString().ShouldBe(
            """{"type":"object","description":"A shop.","properties":{"name":{"type":["string","number","boolean"],"description":"Its name."},"least":{"type":"integer","minimum":0,"description":"At least; default 1."},"most":{"type":"integer","minimum":0,"description":"At most; default 10."},"budget":{"not":{}}},"additionalProperties":false,"required":["name"]}""");

    [Fact]
    public void Variant_is_chosen_by_its_type() =>
        Variants.Read(Nodes.Map(("type", Nodes.Plain("market")), ("name", Nodes.Plain("a")))).ShouldBe("ok Shop { Name = a, Least = 1, Most = 10 }");

    [Theory]
    [InlineData("markt", "found type 'markt', expected a shop: corner, market; did you mean 'market'?")]
    [InlineData("spaceship", "found type 'spaceship', expected a shop: corner, market")]
    [InlineData("", "found type nothing, expected a shop: corner, market")]
    [InlineData("web", "shop of type 'web' is not available in this version")]
    public void Unknown_type_is_refused(string type, string message) =>
        Variants.Read(Nodes.Map(("type", Nodes.Plain(type)), ("name", Nodes.Plain("a")))).ShouldBe("dir/f.yaml:1:10: " + message);

    [Fact]
    public void Variant_without_a_type_or_keys_is_refused()
    {
        Variants.Read(Nodes.Map(("name", Nodes.Plain("a")))).ShouldBe("dir/f.yaml:1:1: the key 'type' is missing; types of shop: corner, market");
        Variants.Read(Nodes.Plain("corner")).ShouldBe("dir/f.yaml:1:10: found 'corner', expected a shop, such as { type: corner }");
        Variants.Read(Nodes.Map(("type", Nodes.Plain("corner")))).ShouldBe("dir/f.yaml:1:1: the key 'name' is missing");
    }

    [Fact]
    public void Schema_of_variants_has_one_for_each_type()
    {
        var schema = Variants.Schema();
        schema["required"]!.ToJsonString().ShouldBe("""["type"]""");
        schema["anyOf"]!.AsArray().Select(s => (string?)s!["properties"]!["type"]!["const"]).ShouldBe(["corner", "market"]);
    }
}
