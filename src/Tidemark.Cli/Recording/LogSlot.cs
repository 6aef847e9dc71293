using System.Globalization;

namespace Tidemark.Cli.Recording;

/// <summary>
/// A process's own place in a log directory: the first to come writes <c>application.jsonl</c>, one that runs at the same time <c>application-2.jsonl</c>. Two that append to one file would
/// overwrite each other's lines. The place is free again when its process is gone, however it went.
/// </summary>
internal sealed class LogSlot : IDisposable
{
    private const int Most = 1000;

    private readonly FileStream _lock;

    private LogSlot(int number, FileStream held) => (Ending, _lock) = (number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{number}"), held);

    /// <summary>What the names of its files end with, before the extension.</summary>
    public string Ending { get; }

    /// <summary>Takes the first place that is free.</summary>
    /// <exception cref="UnauthorizedAccessException">The directory can't be written.</exception>
    /// <exception cref="IOException">The directory can't be written.</exception>
    public static LogSlot Take(string directory)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"process-{number}.lock"));
            try
            {
                return new LogSlot(number, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (number < Most && File.Exists(path))
            {
                // Somebody has it.
            }
        }
    }

    public void Dispose() => _lock.Dispose();
}
