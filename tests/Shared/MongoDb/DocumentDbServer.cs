using System.Diagnostics;
using System.Globalization;

namespace Tidemark.Tests.Shared;

/// <summary>DocumentDB's PostgreSQL in its chroot, on a free port of 127.0.0.1, with data of its own.</summary>
public sealed class DocumentDbServer : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("tidemark-documentdb-").FullName;
    private LineProcess? _process;

    /// <summary>Why it can't be started here.</summary>
    /// <returns>Nothing where it can.</returns>
    public static string? Refusal { get; } = Check();

    public int Port { get; } = Programs.FreePort();

    private static string Script => Path.Combine(AppContext.BaseDirectory, "documentdb.sh");

    /// <summary>Runs a program in the chroot, where MongoDB's C driver is of version 2.</summary>
    /// <param name="folder">Where the program is; there it is /mnt.</param>
    /// <param name="arguments">The program and its arguments.</param>
    /// <returns>Its standard output.</returns>
    public static Task<string> RunThereAsync(string folder, params string[] arguments) => Programs.RunAsMyselfAsync("bash", [Script, "run", folder, .. arguments]);

    /// <summary>Starts it, with the data that it had, if any. What it acknowledges survives its end, but no power cut: it runs without fsync.</summary>
    public async Task StartAsync()
    {
        while (true)
        {
            var process = LineProcess.Start("bash", Script, "serve", _home, Port.ToString(CultureInfo.InvariantCulture));
            try
            {
                await process.ErrorAsync("ready to accept connections");
                _process = process;
                return;
            }
            catch (InvalidOperationException) when (process.Error.Contains("shared memory block", StringComparison.Ordinal))
            {
                // A session of the killed server is not quite gone.
                process.Dispose();
            }
        }
    }

    /// <summary>kill -9 of the server and its sessions.</summary>
    public async Task KillAsync()
    {
        var process = _process!;
        _process = null;
        // Stopped first: killed sessions alone would make it start again by itself.
        await SignalAsync("STOP", process.Id);
        foreach (var session in (await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            await SignalAsync("KILL", int.Parse(session, CultureInfo.InvariantCulture));
        }
        await process.KillAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await SignalAsync("QUIT", process.Id);
            await process.ExitedAsync();
            process.Dispose();
        }
        Directory.Delete(_home, recursive: true);
    }

    private static Task SignalAsync(string signal, int process) => Programs.RunAsMyselfAsync("kill", $"-{signal}", process.ToString(CultureInfo.InvariantCulture));

    private static string? Check()
    {
        if (!OperatingSystem.IsLinux()) return "DocumentDB runs on Linux";
        using var process = Process.Start(new ProcessStartInfo("bash", [Script, "check"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var reason = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : reason;
    }
}
