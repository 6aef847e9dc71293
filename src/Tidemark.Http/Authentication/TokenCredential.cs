using System.Globalization;
using System.Text.Json;
using Tidemark.Http.Wire;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Authentication;

/// <summary>A bearer token that is fetched when it is needed. Streams that need it at the same time wait for one call.</summary>
internal sealed class TokenCredential(OAuth2ClientCredentialsAuthenticator definition, HttpExchange exchange, TimeProvider time) : Credential
{
    /// <summary>Where the server does not say how long a token lives.</summary>
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    private static readonly JsonPath AccessToken = JsonPath.Parse("access_token");
    private static readonly JsonPath ExpiresIn = JsonPath.Parse("expires_in");

    private readonly SemaphoreSlim _gate = new(1);
    private volatile IssuedToken? _token;
    private long _version;

    public override string Name => "oauth2_client_credentials";

    public override IEnumerable<string> Secrets => _token is { } token ? [definition.ClientSecret.Reveal(), token.Value] : [definition.ClientSecret.Reveal()];

    public override async ValueTask<long> ApplyAsync(HttpRequestMessage message, CallOwner owner, CancellationToken cancellationToken)
    {
        var token = Fresh() ?? await FetchOnceAsync(owner, cancellationToken).ConfigureAwait(false);
        message.Headers.Remove("Authorization");
        message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Value);
        return token.Version;
    }

    public override bool IsStale(long version) => Fresh()?.Version != version;

    public override bool Refresh(long version)
    {
        // Another stream may have fetched a new one since: that one stays.
        if (_token is { } token && token.Version == version) Interlocked.CompareExchange(ref _token, null, token);
        return true;
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    private IssuedToken? Fresh() => _token is { } token && time.GetElapsedTime(token.Since) < token.Life ? token : null;

    private async Task<IssuedToken> FetchOnceAsync(CallOwner owner, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Fresh() ?? (_token = await FetchAsync(owner, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IssuedToken> FetchAsync(CallOwner owner, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = definition.ClientId,
            ["client_secret"] = definition.ClientSecret.Reveal(),
        };
        if (definition.Scopes.Count > 0) form["scope"] = string.Join(' ', definition.Scopes);
        if (definition.Audience is { } audience) form["audience"] = audience;
        using var message = new HttpRequestMessage(HttpMethod.Post, definition.TokenUrl) { Content = new FormUrlEncodedContent(form) };
        var since = time.GetTimestamp();
        // What the stream's own calls cost is said of these, not of a token.
        using var answer = await exchange.SendAsync(message, owner with { Cost = null }, () => Secrets, static () => false, cancellationToken).ConfigureAwait(false);
        if (answer!.Status is 408 or 429 or >= 500)
            throw new TokenUnavailableException($"the token call to {SafeText.Url(answer.Url)} answered {answer.Status}", answer.Status, answer.Wait, answer.QuotaWaits);
        if (answer.Status is < 200 or >= 300)
        {
            throw new SourceException($"the token call to {SafeText.Url(answer.Url)} answered {answer.Status}: {SafeText.Excerpt(answer.Body.Written, Secrets)}; "
                + "check token_url, client_id, client_secret and scopes of the authenticator");
        }
        return Read(answer, since);
    }

    private IssuedToken Read(RawAnswer answer, long since)
    {
        try
        {
            if (AccessToken.FindText(answer.Body.Written) is { Length: > 0 } token)
            {
                var life = double.TryParse(ExpiresIn.FindText(answer.Body.Written), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
                    ? TimeSpan.FromSeconds(seconds)
                    : DefaultLife;
                // Left early, so that it does not expire on its way: a minute, or a tenth of a short life.
                return new IssuedToken(token, Interlocked.Increment(ref _version), since, life - TimeSpan.FromSeconds(Math.Min(60, life.TotalSeconds / 10)));
            }
        }
        catch (JsonException)
        {
            // Told below: what was found is no token.
        }
        throw new SourceException($"the token call to {SafeText.Url(answer.Url)} answered without an access_token; check token_url of the authenticator");
    }

    private sealed record IssuedToken(string Value, long Version, long Since, TimeSpan Life);
}
