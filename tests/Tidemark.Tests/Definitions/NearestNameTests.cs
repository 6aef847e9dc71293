using Tidemark.Definitions;

namespace Tidemark.Tests.Definitions;

public class NearestNameTests
{
    private static readonly string[] Known = ["primary_key", "path", "params", "refresh", "id"];

    [Theory]
    [InlineData("primary_key", "primary_key")]
    [InlineData("primarykey", "primary_key")]
    [InlineData("primray_key", "primary_key")]
    [InlineData("PrimaryKey", "primary_key")]
    [InlineData("paht", "path")]
    [InlineData("param", "params")]
    [InlineData("di", "id")]
    [InlineData("something_else", null)]
    [InlineData("pagination", null)]
    public void Of_gives_what_was_probably_meant(string name, string? expected) => NearestName.Of(name, Known).ShouldBe(expected);

    [Fact]
    public void Of_nothing_known_is_nothing() => NearestName.Of("x", []).ShouldBeNull();

    [Fact]
    public void Hint_names_the_near_one_or_all()
    {
        NearestName.Hint("refesh", Known).ShouldBe("; did you mean 'refresh'?");
        NearestName.Hint("something_else", Known).ShouldBe("; known here: primary_key, path, params, refresh, id");
        NearestName.Hint("x", []).ShouldBe("");
        NearestName.Hint("something_else", [.. Enumerable.Range(100, 40).Select(i => $"key_number_{i}")]).ShouldEndWith("key_number_129");
    }
}
