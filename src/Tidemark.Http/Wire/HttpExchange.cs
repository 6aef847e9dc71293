using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Wire;

/// <summary>Sends one message and reads its answer. The only place where a source calls out: everything that is sent is counted, measured and logged here.</summary>
/// <param name="services">Clock and access log.</param>
internal sealed partial class HttpExchange(SourceServices services) : IDisposable
{
    private static readonly string UserAgent = $"tidemark/{typeof(HttpExchange).Assembly.GetName().Version?.ToString(3)}";

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    })
    {
        // A call has its own timeout, on the injected clock.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="counters">Where the call is counted, also if it fails.</param>
    /// <param name="secrets">Values that must not be logged.</param>
    /// <param name="cancellationToken">Ends it, until the body is read.</param>
    public async Task<RawAnswer> SendAsync(HttpRequestMessage message, StreamCounters counters, IEnumerable<string> secrets, CancellationToken cancellationToken)
    {
        counters.Add(Counter.Requests);
        counters.Add(Counter.Cost);
        var started = services.Time.GetTimestamp();
        try
        {
            var answer = await SendAsync(message, cancellationToken).ConfigureAwait(false);
            var took = services.Time.GetElapsedTime(started);
            counters.EndRequest(answer.Status, took);
            if (services.AccessLog.IsEnabled(LogLevel.Information))
                LogAnswered(services.AccessLog, message.Method, SafeText.Url(answer.Url, secrets), answer.Status, answer.Body.Written.Length, took.TotalMilliseconds, counters.Labels?.Stream, counters.Labels?.Source);
            return answer;
        }
        catch (Exception e)
        {
            var took = services.Time.GetElapsedTime(started);
            counters.EndRequest(status: null, took);
            if (services.AccessLog.IsEnabled(LogLevel.Information))
                LogUnanswered(services.AccessLog, message.Method, SafeText.Url(message.RequestUri!, secrets), Reason(e), took.TotalMilliseconds, counters.Labels?.Stream, counters.Labels?.Source);
            throw;
        }
    }

    private async Task<RawAnswer> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        if (!message.Headers.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (!message.Headers.Contains("Accept")) message.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = await BodyReader.ReadAsync(stream, response.Content.Headers.ContentType, BodyReader.MaxBytes, cancellationToken).ConfigureAwait(false);
        return new RawAnswer
        {
            Status = (int)response.StatusCode,
            Reason = response.ReasonPhrase,
            Url = message.RequestUri!,
            Body = body,
            Link = Header(response, "Link"),
            RetryAfter = Header(response, "Retry-After"),
            Location = response.Headers.Location,
            Date = response.Headers.Date,
        };
    }

    public void Dispose() => _client.Dispose();

    // The kind of an error, not its message: that may repeat what was sent.
    private static string Reason(Exception error) => error switch
    {
        OperationCanceledException => "Cancelled",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString(),
        _ => error.GetType().Name,
    };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
