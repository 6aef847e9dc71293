using System.Text;
using Tidemark.Definitions;
using Tidemark.Http.Tests.Support;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Authentication;

public sealed class AuthenticatorTests
{
    private static async Task<Seen> SendAsync(Authenticator? authenticator, Func<Uri, Uri>? change = null)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[]"));
        await using var fixture = new Fixture();
        await fixture.ReadAsync(new RestSource { Url = change?.Invoke(server.Address) ?? server.Address, Authenticator = authenticator }, new RestRequest { Params = [("a", "1")] });
        return server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ApiKey_in_a_header_is_sent() =>
        (await SendAsync(new ApiKeyAuthenticator { Header = "x-gazelle-api-key", Value = new Secret("k") })).Header("x-gazelle-api-key").ShouldBe("k");

    [Fact]
    public async Task ApiKey_in_the_query_is_sent_encoded() =>
        (await SendAsync(new ApiKeyAuthenticator { Query = "key", Value = new Secret("k&=") })).QueryText.ShouldBe("a=1&key=k%26%3D");

    [Fact]
    public async Task Bearer_is_sent() => (await SendAsync(new BearerAuthenticator { Token = new Secret("t") })).Header("Authorization").ShouldBe("Bearer t");

    [Fact]
    public async Task Basic_is_sent_in_utf8() =>
        (await SendAsync(new BasicAuthenticator { Username = "zoé", Password = new Secret("p:w") })).Header("Authorization")
            .ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("zoé:p:w")));

    [Fact]
    public async Task User_info_of_the_address_is_basic_authentication() =>
        (await SendAsync(null, url => new UriBuilder(url) { UserName = "u", Password = "p%40" }.Uri)).Header("Authorization")
            .ShouldBe("Basic " + Convert.ToBase64String("u:p@"u8));

    [Theory]
    [InlineData(401, "was refused; check that it is right")]
    [InlineData(403, "check its rights")]
    public async Task Refused_credential_is_named_and_never_shown(int status, string advice)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(status, "the key top-secret-1 is bad, also top%2Fsecret"));
        await using var fixture = new Fixture();
        var source = new RestSource
        {
            Url = new UriBuilder(server.Address) { Query = "access_token=top%2Fsecret" }.Uri,
            Authenticator = new ApiKeyAuthenticator { Query = "key", Value = new Secret("top-secret-1") },
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-token"] = "bad" },
        };

        var message = await fixture.FailureAsync(source, new RestRequest());

        message.ShouldContain("api_key (query key)");
        message.ShouldContain(advice);
        message.ShouldNotContain("top-secret-1");
        message.ShouldNotContain("top%2Fsecret");
        message.ShouldNotContain("bad");
        source.ToString().ShouldNotContain("top");
    }

    [Fact]
    public async Task Refused_call_without_an_authenticator_says_so()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(401));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(new RestSource { Url = server.Address }, new RestRequest())).ShouldContain("no authenticator is set");
    }

    [Fact]
    public void Definition_with_two_places_for_the_key_is_refused_when_opened()
    {
        var source = new RestSource { Url = Fixture.Nowhere, Authenticator = new ApiKeyAuthenticator { Header = "a", Query = "b", Value = new Secret("k") } };

        Should.Throw<ArgumentException>(() => source.Open(new SourceServices())).Message.ShouldContain("exactly one");
    }
}
