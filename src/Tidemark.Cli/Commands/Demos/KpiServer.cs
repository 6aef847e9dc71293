using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary><c>tidemark serve</c> as a process of its own, and who posts to it.</summary>
internal sealed class KpiServer : IDisposable
{
    private const string Path = "/api/v1/integrations/kpi/sync";

    private readonly ChildRun _child;
    private readonly HttpClient _client;

    private KpiServer(ChildRun child, Uri address) => (_child, _client) = (child, new HttpClient { BaseAddress = address });

    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    public static async Task<KpiServer> StartAsync(DemoScene scene, CancellationToken stopping)
    {
        var child = scene.StartPiped("serve", "-c", scene.File, "--json", "--urls", "http://127.0.0.1:0");
        if (await child.Output.ReadLineAsync(stopping) is not { } line) throw new UserErrorException("the server did not start");
        using var json = JsonDocument.Parse(line);
        return new KpiServer(child, new Uri(json.RootElement.GetProperty("urls")[0].GetString()!));
    }

    /// <summary>Posts, and waits for the answer.</summary>
    /// <param name="post">What is posted.</param>
    /// <param name="withKey">False to leave the Idempotency-Key out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="HttpRequestException">There was no answer, or it was no 200.</exception>
    public async Task<string> PostAsync(KpiPost post, bool withKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(post.Body, Encoding.UTF8, "application/json") };
        if (withKey) request.Headers.Add("Idempotency-Key", post.Key);
        using var answer = await _client.SendAsync(request, cancellationToken);
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
                    if (Interlocked.Increment(ref answered) == killAfter) await _child.KillAsync();
                }
                catch (HttpRequestException) when (killAfter is not null)
                {
                    unanswered.Add(post);
                    return;
                }
            }
        }
    }

    /// <summary>Tells it to stop, and waits.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _child.StopAsync(cancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _child.Dispose();
    }
}
