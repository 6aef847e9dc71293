using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>Who posts KPIs to a server.</summary>
internal sealed class KpiClient(DemoServer server)
{
    private const string Path = "/api/v1/integrations/kpi/sync";

    /// <summary>Posts, and waits for the answer.</summary>
    /// <param name="post">What is posted.</param>
    /// <param name="withKey">False to leave the Idempotency-Key out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HttpRequestException">There was no answer, or it was no 200.</exception>
    public async Task<string> PostAsync(KpiPost post, bool withKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(post.Body, Encoding.UTF8, "application/json") };
        if (withKey) request.Headers.Add("Idempotency-Key", post.Key);
        using var answer = await server.Client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK ? text : throw new HttpRequestException($"the server answered {(int)answer.StatusCode}: {text}");
    }

    /// <summary>Posts by several clients, each post with its key; until all are answered, or the server is killed.</summary>
    /// <param name="posts">What is posted.</param>
    /// <param name="clients">How many at once.</param>
    /// <param name="killAfter">kill -9 once so many are answered; null: never.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The posts that were not answered.</returns>
    public async Task<IReadOnlyList<KpiPost>> PostAllAsync(IReadOnlyList<KpiPost> posts, int clients, int? killAfter, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<KpiPost>(posts);
        var unanswered = new ConcurrentBag<KpiPost>();
        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => PostUntilDoneAsync()));
        return [.. unanswered.Concat(waiting)];

        async Task PostUntilDoneAsync()
        {
            while (waiting.TryDequeue(out var post))
            {
                try
                {
                    await PostAsync(post, withKey: true, cancellationToken);
                    if (Interlocked.Increment(ref answered) == killAfter) await server.KillAsync();
                }
                catch (HttpRequestException) when (killAfter is not null)
                {
                    unanswered.Add(post);
                    return;
                }
            }
        }
    }
}
