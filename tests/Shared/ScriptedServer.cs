using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Tidemark.Tests.Shared;

/// <summary>A real server on 127.0.0.1 that answers as it is told and remembers what it was asked: for what no simulator does.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Seen> _seen = new();

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    public Uri Address => new(Url);

    public IReadOnlyList<Seen> Requests => [.. _seen];

    /// <summary>What it answers; may be changed between two runs.</summary>
    public Func<Seen, Reply> Answer { get; set; } = _ => Reply.Of(404);

    /// <summary>Answers in order; the last answer repeats.</summary>
    public static Task<ScriptedServer> StartAsync(params Reply[] replies) => StartAsync(InOrder(replies));

    public static async Task<ScriptedServer> StartAsync(Func<Seen, Reply> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build()) { Answer = answer };
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public static Func<Seen, Reply> InOrder(params Reply[] replies)
    {
        var count = -1;
        return _ => replies[Math.Min(Interlocked.Increment(ref count), replies.Length - 1)];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var seen = new Seen(context.Request.Method, target, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        _seen.Enqueue(seen);
        var reply = Answer(seen);
        await reply.Hold;
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers) context.Response.Headers.Append(name, value);
        if (reply.CutAfter is { } cut)
        {
            context.Response.ContentLength = reply.Body.Length;
            await context.Response.Body.WriteAsync(reply.Body.AsMemory(0, cut));
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
        else if (reply.Body.Length > 0)
        {
            await context.Response.Body.WriteAsync(reply.Body);
        }
    }
}
