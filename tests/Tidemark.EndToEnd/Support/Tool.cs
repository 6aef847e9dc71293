using System.Diagnostics;
using System.Text;

namespace Tidemark.EndToEnd.Support;

/// <summary>The command line as a process: the published one that <c>TIDEMARK_PUBLISHED</c> names, which starts sooner, or else the one that was built with the tests.</summary>
internal sealed class Tool : IDisposable
{
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "Tidemark.Cli.dll");
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private Tool(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_error) _error.AppendLine(e.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>What publish.sh has made for these tests; null: nothing.</summary>
    public static string? Published { get; } = Environment.GetEnvironmentVariable("TIDEMARK_PUBLISHED") is { Length: > 0 } program ? program : null;

    /// <summary>How a shell calls it.</summary>
    public static string ShellCommand => Published is { } program ? $"'{program}'" : $"dotnet '{Built}'";

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and goes on.</summary>
    public static Tool Start(string directory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Published ?? "dotnet")
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (Published is null) start.ArgumentList.Add(Built);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return new Tool(new Process { StartInfo = start });
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<ToolResult> RunAsync(string directory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var tool = Start(directory, environment, arguments);
        tool.Input.Close();
        return await tool.EndAsync();
    }

    public async Task<ToolResult> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        lock (_error) return new ToolResult(_process.ExitCode, output, _error.ToString());
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its name: INT, TERM, STOP, CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has written a text to standard error.</summary>
    public async Task SaysAsync(string text)
    {
        while (!_process.HasExited)
        {
            lock (_error)
            {
                if (_error.ToString().Contains(text, StringComparison.Ordinal)) return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}

/// <summary>What a process left.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);
