using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>A server as a process: started, asked, told to stop or killed.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly Tool _tool;

    private RunningServer(Tool tool, Uri address)
    {
        _tool = tool;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public int ProcessId => _tool.Id;

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    public static async Task<RunningServer> StartAsync(Scene scene, params string[] arguments)
    {
        var tool = scene.Start(["serve", "--json", "--urls", "http://127.0.0.1:0", .. arguments]);
        if (await tool.Output.ReadLineAsync() is { } line) return new RunningServer(tool, new Uri(JsonDocument.Parse(line).RootElement.GetProperty("urls")[0].GetString()!));
        var end = await tool.EndAsync();
        throw new InvalidOperationException($"serve ended with {end.ExitCode}: {end.Error}");
    }

    public Task SignalAsync(string signal) => _tool.SignalAsync(signal);

    /// <summary>Waits until it has written a text to standard error.</summary>
    public Task SaysAsync(string text) => _tool.SaysAsync(text);

    public Task KillAsync() => _tool.KillAsync();

    public Task<ToolResult> EndAsync() => _tool.EndAsync();

    public void Dispose()
    {
        Client.Dispose();
        _tool.Dispose();
    }
}
