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

    /// <summary>Starts it, with the data that it had, if any. What it acknowledges survives its end, but no power cut: it runs without fsync.</summary>
    public async Task StartAsync()
    {
        _process = LineProcess.Start("bash", Script, "serve", _home, Port.ToString(CultureInfo.InvariantCulture));
        await _process.ErrorAsync("ready to accept connections");
    }

    /// <summary>kill -9 of the server; its sessions end by themselves when they see it.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        // The memory that its sessions share is theirs until the last of them is gone: the next start would be refused.
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await Programs.RunAsMyselfAsync("kill", "-QUIT", process.Id.ToString(CultureInfo.InvariantCulture));
            await process.ExitedAsync();
            process.Dispose();
        }
        Directory.Delete(_home, recursive: true);
    }

    private static string? Check()
    {
        if (!OperatingSystem.IsLinux()) return "DocumentDB runs on Linux";
        using var process = Process.Start(new ProcessStartInfo("bash", [Script, "check"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var reason = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : reason;
    }
}
