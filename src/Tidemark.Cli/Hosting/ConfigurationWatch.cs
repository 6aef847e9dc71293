using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tidemark.Definitions;
using Tidemark.Server;

namespace Tidemark.Cli.Hosting;

/// <summary>
/// Has a server take over its configuration when the file, or the <c>.env</c> beside it, has changed, and on SIGHUP. What is wrong goes to the log, and the old one holds. The files are read every
/// second: that works on any file system, through links and in containers, where notices of changes do not.
/// </summary>
internal sealed partial class ConfigurationWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Project _started;
    private readonly TidemarkServer _server;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _hangUp = new(0);
    private readonly PosixSignalRegistration _signal;
    private readonly Task _watching;
    private string _taken;

    /// <summary>Begins to watch.</summary>
    /// <param name="project">The configuration that the server has started with.</param>
    /// <param name="content">The files as they were before they were read.</param>
    /// <param name="server">The server.</param>
    /// <param name="log">Is told what was refused.</param>
    public ConfigurationWatch(Project project, string content, TidemarkServer server, ILogger log)
    {
        (_started, _server, _log, _taken) = (project, server, log, content);
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _hangUp.Release();
        });
        _watching = WatchAsync();
    }

    /// <summary>What the files hold, as a hash.</summary>
    public static string ContentOf(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in new[] { file, Formats.InDirectoryOf(file, ".env") })
        {
            try
            {
                hash.AppendData(File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // One that is not there has no content; whoever reads it says what is wrong.
            }
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        _signal.Dispose();
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _hangUp.Dispose();
    }

    private async Task WatchAsync()
    {
        var seen = _taken;
        while (!_stop.IsCancellationRequested)
        {
            bool isAsked;
            try
            {
                isAsked = await _hangUp.WaitAsync(Every, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            var content = ContentOf(_started.File);
            var isStill = string.Equals(content, seen, StringComparison.Ordinal);
            seen = content;
            // Twice the same: nobody is in the middle of writing it.
            if (!isAsked && (!isStill || string.Equals(content, _taken, StringComparison.Ordinal))) continue;
            _taken = content;
            await ReloadAsync();
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            var project = Project.Load(_started.File);
            _started.CheckReload(project);
            await _server.ReloadAsync(project.Pipeline, _stop.Token);
            await Console.Error.WriteLineAsync($"{_started.File} has changed, and is taken over");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server ends.
        }
        catch (Exception e)
        {
            // Whatever it is: a server that works is not ended by a file.
            _server.RefuseReload(e.Message);
            LogRefused(_log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the changed configuration is refused, the one before holds:\n{Problems}")]
    private static partial void LogRefused(ILogger log, string problems);
}
