using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Tidemark.Http.Signals;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Wire;

/// <summary>
/// Sends one message and reads its answer. The only place where a source calls out: everything that is sent passes the quota, and is counted, measured and logged here.
/// </summary>
/// <param name="passage">The way through the quota.</param>
/// <param name="origin">The source's address: what others say of limits is not about its quota.</param>
/// <param name="timeout">How long a message may take, from when it is sent until its answer's body is read.</param>
/// <param name="services">Clock and access log.</param>
internal sealed partial class HttpExchange(QuotaPassage passage, Uri origin, TimeSpan timeout, SourceServices services) : IDisposable
{
    private readonly ServerClock _serverClock = new(services.Time);

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
        // A message has its own timeout, on the injected clock.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <summary>Waits until the message may be sent, and sends it. Null: it became stale meanwhile, and was not sent.</summary>
    /// <param name="message">The message.</param>
    /// <param name="owner">For whom; the call is counted also if it fails.</param>
    /// <param name="secrets">Values that must not be logged.</param>
    /// <param name="isStale">Tells, after the wait, whether the message is not worth sending any more.</param>
    /// <param name="cancellationToken">Ends the wait, and the call until the body is read.</param>
    /// <exception cref="TimeoutException">There was no whole answer in time.</exception>
    /// <exception cref="ParkedException">The wait would be too long.</exception>
    public async Task<RawAnswer?> SendAsync(HttpRequestMessage message, CallOwner owner, Func<IEnumerable<string>> secrets, Func<bool> isStale, CancellationToken cancellationToken)
    {
        if (!message.Headers.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (!message.Headers.Contains("Accept")) message.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (await passage.EnterAsync(owner, isStale, cancellationToken).ConfigureAwait(false) is not { } call) return null;
        // The wait for the quota is not the server's: its time begins here.
        var started = services.Time.GetTimestamp();
        try
        {
            var answer = await SendAsync(message, call, cancellationToken).ConfigureAwait(false);
            Ended(message, owner, secrets, answer, error: null, services.Time.GetElapsedTime(started));
            return answer;
        }
        catch (Exception e)
        {
            Ended(message, owner, secrets, answer: null, e, services.Time.GetElapsedTime(started));
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<RawAnswer> SendAsync(HttpRequestMessage message, PaidCall call, CancellationToken cancellationToken)
    {
        var word = new QuotaAnswer();
        try
        {
            using var late = new CancellationTokenSource(timeout, services.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            // Heard before the body is read: a refusal counts though its body breaks off.
            var ours = Origin.Same(message.RequestUri!, origin);
            var server = ours ? _serverClock.Read(response.Headers.Date) : ClockReading.Of(response.Headers.Date ?? services.Time.GetUtcNow());
            var signals = ours ? passage.Signals : passage.Signals & QuotaSignals.RetryAfter;
            word = QuotaWord.OfHeaders(signals, (int)response.StatusCode, name => Header(response, name), server);
            var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            var body = await BodyReader.ReadAsync(stream, response.Content.Headers.ContentType, BodyReader.MaxBytes, either.Token).ConfigureAwait(false);
            if (signals.HasFlag(QuotaSignals.Keepa) && KeepaTokens.Read(body.Written) is { } tokens) word = QuotaWord.With(word, tokens);
            var cost = signals.HasFlag(QuotaSignals.GraphQlCost) ? QueryPrice.Read(body.Written) : null;
            if (cost is not null) word = QuotaWord.With(word, cost);
            return Answer(message, response, body, server, QuotaWord.Wait(word), cost);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no whole answer within {timeout}"), e);
        }
        finally
        {
            call.End(word);
        }
    }

    private void Ended(HttpRequestMessage message, CallOwner owner, Func<IEnumerable<string>> secrets, RawAnswer? answer, Exception? error, TimeSpan took)
    {
        owner.Counters.EndRequest(answer?.Status, took);
        if (!services.AccessLog.IsEnabled(LogLevel.Information)) return;
        var (url, labels) = (SafeText.Url(message.RequestUri!, secrets()), owner.Counters.Labels);
        if (answer is not null) LogAnswered(services.AccessLog, message.Method, url, answer.Status, answer.Body.Written.Length, took.TotalMilliseconds, labels?.Stream, labels?.Source);
        else LogUnanswered(services.AccessLog, message.Method, url, Reason(error!), took.TotalMilliseconds, labels?.Stream, labels?.Source);
    }

    private static RawAnswer Answer(HttpRequestMessage message, HttpResponseMessage response, PooledBuffer body, ClockReading server, TimeSpan? heard, QueryPrice? cost)
    {
        var asked = RetryAfterHeader.Read(Header(response, "Retry-After"), server.Date);
        var wait = asked > heard || heard is null ? asked : heard;
        return new RawAnswer
        {
            Status = (int)response.StatusCode,
            Reason = response.ReasonPhrase,
            Url = message.RequestUri!,
            Body = body,
            Link = Header(response, "Link"),
            Wait = wait,
            QuotaWaits = heard > TimeSpan.Zero && heard == wait,
            Price = cost,
            Location = response.Headers.Location,
            Date = response.Headers.Date,
        };
    }

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
