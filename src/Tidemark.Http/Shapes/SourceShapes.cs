using Tidemark.Definitions;
using Tidemark.Http.Calls;

namespace Tidemark.Http.Shapes;

/// <summary>The keys of sources.</summary>
internal static class SourceShapes
{
    private static readonly Uri NoUrl = new("http://localhost");

    private static readonly Shape<RetryDefinition> Retry = new Shape<RetryDefinition>("How a call that failed is tried again.", () => new RetryDefinition())
        .Optional("attempts", Formats.Integer(1, 100), (r, v) => r with { Attempts = (int)v }, "How often a call is sent at most; default 5.")
        .Optional("delay", Formats.Duration, (r, v) => r with { Delay = v }, "The first wait; default 1s. Waits double.")
        .Optional("max_delay", Formats.Duration, (r, v) => r with { MaxDelay = v }, "The longest wait of our own choice; default 1m. A server's Retry-After is kept even if it is longer.")
        .Rule(r => r.Problem());

    private static readonly Shape<ErrorRule> Rule = new Shape<ErrorRule>("What an answer means.", () => new ErrorRule { Action = ErrorAction.Fail })
        .Optional("status", Formats.OneOrMany(Formats.Integer(100, 599)), (r, v) => r with { Status = [.. v.Select(s => (int)s)] }, "The status codes that it is for; default: all.")
        .Optional("when", Formats.Parsed(ErrorCondition.Parse), (r, v) => r with { When = v.ToString() },
            "What the body holds: a path, == or !=, and a value, such as errors[0].extensions.code == 'THROTTLED'.")
        .Required("action", Formats.OneOf<ErrorAction>(), (r, v) => r with { Action = v }, "What becomes of the answer.")
        .Rule(r => r.Problem());

    /// <summary>The keys of a REST source.</summary>
    public static Shape<RestSource> Rest { get; } = Shared("An API that answers JSON at addresses.", () => new RestSource { Url = NoUrl });

    /// <summary>The keys of a GraphQL source.</summary>
    public static Shape<GraphQlSource> GraphQl { get; } = Shared("An API that answers queries in GraphQL.", () => new GraphQlSource { Url = NoUrl });

    private static Shape<T> Shared<T>(string description, Func<T> create) where T : HttpSource => new Shape<T>(description, create)
        .Required("url", Formats.HttpUrl, (s, v) => (T)(s with { Url = v }), "The address that the paths of streams stand below.")
        .Optional("authenticator", AuthenticatorShapes.Any, (s, v) => (T)(s with { Authenticator = v }), "How the source shows who is calling; default: not at all.")
        .Optional("headers", Formats.Map(Formats.Secret), (s, v) => (T)(s with { Headers = v.ToDictionary(h => h.Key, h => h.Value.Reveal(), StringComparer.Ordinal) }), "Headers of each call; they may hold secrets.")
        .Optional("timeout", Formats.Duration, (s, v) => (T)(s with { Timeout = v }), "How long a call may take, from when it is sent until its body is read; default 30s.")
        .Optional("retry", Retry, (s, v) => (T)(s with { Retry = v }), "How a call that failed is tried again.")
        .Optional("error_handler", Formats.List(Rule), (s, v) => (T)(s with { ErrorHandler = v }), "What answers mean; the first match wins. Then 408, 429, 5xx and broken bodies are retried, other 4xx fail.")
        .Optional("allowed_origins", Formats.OneOrMany(Formats.HttpUrl), (s, v) => (T)(s with { AllowedOrigins = v }), "Other origins that a link to the next page may lead to; credentials are not sent there.")
        .Rule(s => s.Problem());
}
