using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Tidemark.Benchmarks;

/// <summary>
/// Serves a file of JSON lines as pages over REST: <c>GET /rows?cursor=3</c> answers <c>{"rows":[…],"next_cursor":"4"}</c>. The pages are made before the first call, so that
/// a benchmark measures its client and not its server.
/// </summary>
internal static class PageServer
{
    /// <summary>Listens on a free port of 127.0.0.1, prints the address, and serves until the process ends.</summary>
    /// <param name="file">JSON lines.</param>
    /// <param name="pageSize">Records a page.</param>
    public static async Task RunAsync(string file, int pageSize)
    {
        var pages = Pages(file, pageSize);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.UseRouting();
        app.MapGet("/rows", context =>
        {
            var cursor = context.Request.Query["cursor"].ToString();
            var page = pages[cursor.Length == 0 ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture)];
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = page.Length;
            return context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
    }

    private static List<byte[]> Pages(string file, int pageSize)
    {
        var chunks = File.ReadLines(file).Chunk(pageSize).ToList();
        return [.. chunks.Select((lines, number) => Encoding.UTF8.GetBytes(
            $$"""{"rows":[{{string.Join(',', lines)}}],"next_cursor":{{(number + 1 < chunks.Count ? $"\"{number + 1}\"" : "null")}}}"""))];
    }
}
