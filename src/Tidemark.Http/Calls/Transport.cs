using System.Net.Http.Headers;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;
using Tidemark.Sources;

namespace Tidemark.Http.Calls;

/// <summary>Sends a call as the source: with its headers and its credential, which never leave its origin, and along redirects.</summary>
/// <param name="exchange">Sends.</param>
/// <param name="origin">The source's address.</param>
/// <param name="headers">The source's headers; they may hold secrets.</param>
/// <param name="credential">Shows who is calling.</param>
internal sealed class Transport(HttpExchange exchange, Uri origin, IReadOnlyDictionary<string, string> headers, Credential? credential)
{
    private const int MaxRedirects = 5;

    /// <summary>Sends a call and follows redirects.</summary>
    /// <param name="call">The call.</param>
    /// <param name="owner">For whom.</param>
    /// <param name="secrets">Values that must not be shown.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SourceException">A redirect can't be followed.</exception>
    public async Task<RawAnswer> SendAsync(OutgoingCall call, CallOwner owner, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        var (redirects, renewed) = (0, false);
        while (true)
        {
            var (message, version) = await MessageAsync(call, owner, cancellationToken).ConfigureAwait(false);
            using (message)
            {
                // A wait for the quota may outlive a token. A new one is better than a sure refusal, but only once: it passes the quota, too.
                bool IsStale() => !renewed && version > 0 && credential!.IsStale(version);
                // A token may have been fetched just now.
                var answer = await exchange.SendAsync(message, owner, () => secrets.Concat(credential?.Secrets ?? []), IsStale, cancellationToken).ConfigureAwait(false);
                if (answer is null)
                {
                    renewed = true;
                    continue;
                }
                answer.CredentialVersion = version;
                if (answer.Status is not (301 or 302 or 303 or 307 or 308) || answer.Location is null) return answer;
                using (answer) call = Redirected(call, answer, redirects++);
            }
        }
    }

    private async ValueTask<(HttpRequestMessage Message, long Version)> MessageAsync(OutgoingCall call, CallOwner owner, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(call.Method, call.Url);
        if (call.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (!Origin.Same(call.Url, origin)) return (message, 0);
        // The stream's own headers are more special than the source's.
        foreach (var (name, value) in headers) Set(message, name, value);
        foreach (var (name, value) in call.Headers) Set(message, name, value);
        var version = credential is null ? 0 : await credential.ApplyAsync(message, owner, cancellationToken).ConfigureAwait(false);
        return (message, version);
    }

    private static void Set(HttpRequestMessage message, string name, string value)
    {
        message.Headers.Remove(name);
        if (message.Headers.TryAddWithoutValidation(name, value)) return;
        // Content headers, such as content-type, stand elsewhere; without a body they mean nothing.
        message.Content?.Headers.Remove(name);
        message.Content?.Headers.TryAddWithoutValidation(name, value);
    }

    private OutgoingCall Redirected(OutgoingCall call, RawAnswer answer, int redirects)
    {
        var from = $"{call.Method} {SafeText.Url(call.Url, credential?.Secrets)}";
        if (redirects >= MaxRedirects) throw new SourceException($"{from} was redirected more than {MaxRedirects} times; check the source's url");
        if (!Uri.TryCreate(answer.Url, answer.Location!.OriginalString, out var target) || target.Scheme is not ("http" or "https"))
            throw new SourceException($"{from} was redirected to something that is no http address; check the source's url");
        if (credential?.QueryParam is { } param) target = QueryCredential.Without(target, param);
        if (call.Method == HttpMethod.Get) return call with { Url = target };
        if (answer.Status is 301 or 302 or 303) return call with { Url = target, Method = HttpMethod.Get, Body = null };
        return Origin.Same(target, origin)
            ? call with { Url = target }
            : throw new SourceException($"{from} was redirected to {Origin.Of(target)}, another origin, where its body is not sent; if this is right, change the source's url");
    }
}
