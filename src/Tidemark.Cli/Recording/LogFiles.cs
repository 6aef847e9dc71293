using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog;
using Serilog.Debugging;
using Serilog.Extensions.Logging;
using Tidemark.Telemetry;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace Tidemark.Cli.Recording;

/// <summary>The log files of a process, of each kind.</summary>
internal sealed class LogFiles : IDisposable
{
    private readonly LogSlot _slot;
    private readonly Dictionary<LogKind, SerilogLoggerProvider> _providers = [];

    /// <summary>Makes the directory; files come with the first line.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="definition">Which, and how much.</param>
    /// <exception cref="IOException">The directory can't be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can't be made or written.</exception>
    public LogFiles(string directory, LogFilesDefinition definition)
    {
        Directory.CreateDirectory(directory);
        _slot = LogSlot.Take(directory);
        // The library keeps its own troubles, such as a full disk, to itself unless it is asked.
        var told = 0;
        SelfLog.Enable(trouble =>
        {
            if (Interlocked.Exchange(ref told, 1) == 0) Console.Error.WriteLine($"log files in {directory} can't be written, lines are lost until they can: {trouble.Split('\n')[0].Trim()}");
        });
        foreach (var kind in definition.Kinds.Distinct()) _providers[kind] = new SerilogLoggerProvider(Create(Path.Combine(directory, $"{kind.ToString().ToLowerInvariant()}{_slot.Ending}.jsonl"), kind, definition), dispose: true);
    }

    /// <summary>The log of a kind; one that is not kept takes nothing.</summary>
    public ILogger this[LogKind kind] => _providers.TryGetValue(kind, out var provider) ? provider.CreateLogger("") : NullLogger.Instance;

    public void Dispose()
    {
        foreach (var provider in _providers.Values)
        {
            try
            {
                provider.Dispose();
            }
            catch (IOException)
            {
                // What a full disk did not take before, it does not take now: that has been told, and is no reason to fail.
            }
        }
        SelfLog.Disable();
        _slot.Dispose();
    }

    private static Serilog.Core.Logger Create(string path, LogKind kind, LogFilesDefinition definition) => new LoggerConfiguration()
        .MinimumLevel.Is(LevelConvert.ToSerilogLevel(kind == LogKind.Application ? definition.Level : LogLevel.Information))
        .WriteTo.File(new JsonLineFormatter(), path, fileSizeLimitBytes: definition.FileSize, rollOnFileSizeLimit: true, retainedFileCountLimit: definition.FileCount, hooks: new WholeLines())
        .CreateLogger();
}
