using Tidemark.Access;
using Tidemark.Server.Access;

namespace Tidemark.Server.Tests.Access;

public sealed class PresentedKeyTests
{
    [Fact]
    public void Keys_have_256_random_bits_and_are_known_by_their_hash()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => ApiKeyToken.Create()).ToList();
        tokens.ShouldBeUnique(StringComparer.Ordinal);
        tokens.ShouldAllBe(t => t.StartsWith(ApiKeyToken.Prefix) && t.Length == ApiKeyToken.Prefix.Length + 43);
        ApiKeyToken.Hash(tokens[0]).Length.ShouldBe(32);
    }

    [Fact]
    public void Key_is_found_among_others_unless_it_is_revoked()
    {
        ApiKey Key(string token, bool revoked = false) => new(token, ApiKeyToken.Hash(token), default) { RevokedAt = revoked ? default(DateTimeOffset) : null };
        ApiKey[] keys = [Key("a"), Key("b", revoked: true), Key("c")];
        PresentedKey.Find("c", keys)!.Name.ShouldBe("c");
        PresentedKey.Find("b", keys).ShouldBeNull();
        PresentedKey.Find("", keys).ShouldBeNull();
    }

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/A", true)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("/a", "/ab", false)]
    [InlineData("/a/*", "/a/b/c", true)]
    [InlineData("/a/*", "/a", false)]
    [InlineData("/a/*", "/ab/c", false)]
    public void Route_of_a_key_is_a_path_or_all_below_one(string route, string path, bool opens) =>
        new ApiKey("k", new byte[32], default) { Routes = [route] }.Opens(path).ShouldBe(opens);
}
