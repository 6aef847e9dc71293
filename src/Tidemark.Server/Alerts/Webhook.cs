using System.Net.Http.Headers;

namespace Tidemark.Server.Alerts;

/// <summary>Posts to an address, with a few attempts: what is answered 2xx is told.</summary>
internal sealed class Webhook(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // A redirect would take what the address says to somebody else.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Posts.</summary>
    /// <param name="url">The address; it is shown nowhere.</param>
    /// <param name="id">What the receiver knows a repetition by.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it was not taken; null: it was.</returns>
    public async Task<string?> TryPostAsync(Uri url, string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (problem, retryAfter) = await TryOnceAsync(url, id, body, cancellationToken);
            if (problem is null) return null;
            // The server's word is a floor; for longer than this nobody waits.
            if (retryAfter is not { } floor || attempt == Waits.Length || floor > LongestWait) return problem;
            await Task.Delay(floor > Waits[attempt] ? floor : Waits[attempt], time, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    // RetryAfter is null where another attempt helps nobody.
    private async Task<(string? Problem, TimeSpan? RetryAfter)> TryOnceAsync(Uri url, string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TryAddWithoutValidation("Idempotency-Key", id);
            request.Headers.UserAgent.ParseAdd("tidemark");
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode) return (null, null);
            var status = (int)answer.StatusCode;
            return ($"it has answered {status}", status is 408 or 429 or >= 500 ? WaitOf(answer.Headers.RetryAfter) : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"it has not answered within {_client.Timeout.TotalSeconds:0} s", TimeSpan.Zero);
        }
        catch (HttpRequestException e)
        {
            return (e.HttpRequestError == HttpRequestError.NameResolutionError ? "its host is not known" : e.HttpRequestError == HttpRequestError.ConnectionError ? "it can't be reached" : "the call failed", TimeSpan.Zero);
        }
    }

    private TimeSpan WaitOf(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => TimeSpan.Zero,
    };
}
