using Tidemark.Http.Calls;
using Tidemark.Http.Reading;
using Tidemark.Http.Wire;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>Somebody else's API over HTTP.</summary>
public abstract record HttpSource : SourceDefinition
{
    /// <summary>The address that the paths of streams stand below. User info in it is basic authentication.</summary>
    public required Uri Url { get; init; }

    /// <summary>How the source shows who is calling; null (default): not at all.</summary>
    public Authenticator? Authenticator { get; init; }

    /// <summary>Headers of each call to the source's own origin; they may hold secrets. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a call may take, from when it is sent until its body is read, from 1 ms to 1 day; default 30 s. A wait for the quota is not in it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How a call that failed is tried again.</summary>
    public RetryDefinition Retry { get; init; } = new();

    /// <summary>What answers mean; the first rule that matches wins. Default: none.</summary>
    public IReadOnlyList<ErrorRule> ErrorHandler { get; init; } = [];

    /// <summary>Other origins (scheme, host and port) that a link to the next page may lead to. Credentials are not sent there. Default: none.</summary>
    public IReadOnlyList<Uri> AllowedOrigins { get; init; } = [];

    /// <inheritdoc/>
    public sealed override int CallsAhead => Authenticator is OAuth2ClientCredentialsAuthenticator ? 1 : 0;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The definition is wrong; the message says where.</exception>
    public override ISource Open(SourceServices services)
    {
        if (AnyProblem() is { } problem) throw new ArgumentException(problem.Message);
        // A header may hold a secret under any name; a short one is more likely a language or a version.
        var secrets = Headers.Where(h => SafeText.IsSecretName(h.Key) || h.Value.Length >= 12).Select(h => h.Value);
        var options = new HttpReaderOptions
        {
            Url = Url,
            Authenticator = Authenticator,
            Headers = Headers,
            Calls = new CallOptions(Timeout, Retry, ErrorHandler, [.. secrets]),
            Cost = Quota?.Cost ?? 1,
            AllowedOrigins = AllowedOrigins,
            Own = Own,
        };
        return new HttpReader(options, services);
    }

    /// <summary>The address, without what may be secret in it.</summary>
    public sealed override string ToString() => $"{GetType().Name} {SafeText.Url(Url)}";

    /// <summary>The request of a stream of this source.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ArgumentException">It is wrong, or another source's.</exception>
    internal abstract HttpStreamRequest Own(StreamRequest request);

    internal (string? Key, string Message)? Problem() =>
        !Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https") ? ("url", "found no absolute http:// or https:// address")
        : Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1) ? ("timeout", "found a timeout of nothing or more than a day")
        : null;

    private protected static T Checked<T>(StreamRequest request) where T : HttpStreamRequest
    {
        if (request is not T own) throw new ArgumentException($"found a {request.GetType().Name}, expected a {typeof(T).Name}");
        return (own.Problem() ?? own.Paginator.Problem()) is { } problem ? throw new ArgumentException(problem.Message) : own;
    }

    private (string? Key, string Message)? AnyProblem() =>
        Problem() ?? Retry.Problem() ?? Authenticator?.Problem() ?? ErrorHandler.Select(r => r.Problem()).FirstOrDefault(p => p is not null);
}
