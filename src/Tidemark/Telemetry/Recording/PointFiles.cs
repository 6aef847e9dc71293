using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tidemark.Telemetry.Recording;

/// <summary>
/// Points as JSON lines in files <c>metrics-00000001.jsonl</c>, numbered upwards; a process never goes on with a file that it did not begin, so a line that a crash has torn is
/// the last of its file. Several processes may share the directory: each has a file of its own at a time.
/// </summary>
public sealed partial class PointFiles : IPointSink
{
    private const string Prefix = "metrics-";
    private const string Suffix = ".jsonl";

    private readonly string _directory;
    private readonly MetricFilesDefinition _definition;
    private readonly ILogger _log;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private FileStream? _file;
    private int _room;
    private bool _failing;

    /// <summary>Makes the directory; a file comes with the first point.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="definition">How much.</param>
    /// <param name="log">Is told when the disk takes nothing more.</param>
    /// <exception cref="IOException">The directory can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can't be made.</exception>
    public PointFiles(string directory, MetricFilesDefinition definition, ILogger log)
    {
        (_directory, _definition, _log) = (directory, definition, log);
        Directory.CreateDirectory(directory);
    }

    /// <inheritdoc/>
    public async ValueTask<int> WriteAsync(IReadOnlyList<MetricPoint> points)
    {
        var done = 0;
        try
        {
            while (done < points.Count)
            {
                if (_room == 0) await NextAsync();
                var count = Math.Min(points.Count - done, _room);
                _lines.ResetWrittenCount();
                for (var i = 0; i < count; i++) PointJson.WriteLine(_lines, points[done + i]);
                await _file!.WriteAsync(_lines.WrittenMemory);
                done += count;
                _room -= count;
            }
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The last line may be torn: the next point begins another file.
            await CloseAsync();
            if (!_failing) LogLost(_log, _directory, e.Message);
            _failing = true;
        }
        return points.Count - done;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask NextAsync()
    {
        await CloseAsync();
        var files = Files();
        var number = files.Count == 0 ? 1 : NumberOf(files[^1]) + 1;
        while (_file is null)
        {
            var path = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number++:00000000}{Suffix}"));
            // Unbuffered: what is written is the operating system's, and outlives the process.
            if (!File.Exists(path)) _file = TryCreate(path);
        }
        _room = _definition.PointsPerFile;
        // The new file is one of them.
        foreach (var old in files.Take(files.Count + 1 - _definition.FileCount)) File.Delete(old);
    }

    // Null: another process was faster.
    private static FileStream? TryCreate(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_file is not null) await _file.DisposeAsync();
        (_file, _room) = (null, 0);
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_directory, Prefix + "*" + Suffix).Where(f => NumberOf(f) > 0).OrderBy(NumberOf)];

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "metrics can't be written to {Path}: {Reason}; they are lost until they can, and counted. The run goes on")]
    private static partial void LogLost(ILogger log, string path, string reason);
}
