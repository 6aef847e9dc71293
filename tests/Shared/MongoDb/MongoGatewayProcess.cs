using System.Globalization;
using System.Text.Json;

namespace Tidemark.Tests.Shared;

/// <summary>
/// The gateway that speaks MongoDB's protocol before DocumentDB, as a process: a client that blocks threads of the tests cannot starve it. A fault is for the next command of a name
/// (<c>insert</c>, <c>update</c>, <c>find</c>, ...) from any client; several for one name happen one after another.
/// </summary>
public sealed class MongoGatewayProcess : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneQuestion = new(1, 1);
    private readonly int _serverPort;
    private LineProcess? _process;

    /// <param name="serverPort">Where DocumentDB's PostgreSQL listens on 127.0.0.1.</param>
    public MongoGatewayProcess(int serverPort) => _serverPort = serverPort;

    /// <summary>Where it listens on 127.0.0.1: the same at each start.</summary>
    public int Port { get; private set; }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Tidemark.MongoGateway.dll");

    /// <summary>Starts it, on the port that it had.</summary>
    public async Task StartAsync()
    {
        _process = LineProcess.Start("dotnet", Program, _serverPort.ToString(CultureInfo.InvariantCulture), Port.ToString(CultureInfo.InvariantCulture));
        Port = new Uri(await _process.LineAsync()).Port;
    }

    /// <summary>kill -9: connections are cut, what it counted and its faults are forgotten.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>How often each command came since the start, or since <see cref="ResetAsync"/>.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountsAsync()
    {
        var counts = JsonSerializer.Deserialize<Dictionary<string, int>>(await AskAsync("counts"))!;
        return new Dictionary<string, int>(counts, StringComparer.Ordinal);
    }

    /// <summary>Commands are counted from 0 again.</summary>
    public Task ResetAsync() => TellAsync("reset");

    /// <summary>The last items of the next write are not carried out and answered by an error: 112 as those that lost a race.</summary>
    public Task FailItemsAsync(string command, int count, int code = 112) => TellAsync($"items {command} {count} {code}");

    /// <summary>The next command is not carried out and answered by an error: 13 as a server does that needs authentication.</summary>
    public Task FailAsync(string command, int code) => TellAsync($"error {command} {code}");

    /// <summary>The connection is cut before the next command is carried out.</summary>
    public Task LoseBeforeAsync(string command) => TellAsync($"unread {command}");

    /// <summary>The connection is cut when the next command has been carried out, without an answer.</summary>
    public Task LoseAnswerToAsync(string command) => TellAsync($"unanswered {command}");

    /// <summary>The next command is carried out at once and answered at <see cref="ReleaseAsync"/>.</summary>
    public Task HoldAsync(string command) => TellAsync($"hold {command}");

    /// <summary>Answers what is held, and what was to be held and has not come yet.</summary>
    public Task ReleaseAsync() => TellAsync("release");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        _oneQuestion.Dispose();
    }

    private async Task TellAsync(string line)
    {
        var answer = await AskAsync(line);
        if (!string.Equals(answer, "ok", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
    }

    private async Task<string> AskAsync(string line)
    {
        await _oneQuestion.WaitAsync();
        try
        {
            return await _process!.AskAsync(line);
        }
        finally
        {
            _oneQuestion.Release();
        }
    }
}
