using Tidemark.Definitions;

namespace Tidemark.Http.Shapes;

/// <summary>The keys of authenticators.</summary>
internal static class AuthenticatorShapes
{
    private static readonly Secret None = new("");

    /// <summary>Any of them.</summary>
    public static Variants<Authenticator> Any { get; } = new Variants<Authenticator>("authenticator")
        .Add("api_key", new Shape<ApiKeyAuthenticator>("A key in a header or in the query.", () => new ApiKeyAuthenticator { Value = None })
            .Optional("header", Formats.Text, (a, v) => a with { Header = v }, "The header that holds the key.")
            .Optional("query", Formats.Text, (a, v) => a with { Query = v }, "The query parameter that holds the key.")
            .Required("value", Formats.Secret, (a, v) => a with { Value = v }, "The key.")
            .Rule(a => a.Problem()))
        .Add("bearer", new Shape<BearerAuthenticator>("A token as Authorization: Bearer.", () => new BearerAuthenticator { Token = None })
            .Required("token", Formats.Secret, (a, v) => a with { Token = v }, "The token."))
        .Add("basic", new Shape<BasicAuthenticator>("A name and a password.", () => new BasicAuthenticator { Username = "" })
            .Required("username", Formats.Text, (a, v) => a with { Username = v }, "The user's name.")
            .Optional("password", Formats.Secret, (a, v) => a with { Password = v }, "The password; default: none.")
            .Rule(a => a.Problem()))
        .Add("oauth2_client_credentials", new Shape<OAuth2ClientCredentialsAuthenticator>("A token that is fetched with a client's id and secret.",
                () => new OAuth2ClientCredentialsAuthenticator { TokenUrl = new Uri("http://localhost"), ClientId = "", ClientSecret = None })
            .Required("token_url", Formats.HttpUrl, (a, v) => a with { TokenUrl = v }, "Where tokens come from.")
            .Required("client_id", Formats.Text, (a, v) => a with { ClientId = v }, "The client's id.")
            .Required("client_secret", Formats.Secret, (a, v) => a with { ClientSecret = v }, "The client's secret.")
            .Optional("scopes", Formats.OneOrMany(Formats.Text), (a, v) => a with { Scopes = v }, "What the token is for; default: none is sent.")
            .Optional("audience", Formats.Text, (a, v) => a with { Audience = v }, "Whom the token is for; default: none is sent."));
}
