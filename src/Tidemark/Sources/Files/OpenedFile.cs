using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>A file that is being read: its chunks, made into pages.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private readonly RecordChunks _chunks;
    private readonly CsvRows? _csv;
    private readonly FilePosition _file;
    private readonly string _shown;
    private readonly bool _live;

    private OpenedFile(RecordChunks chunks, CsvRows? csv, FilePosition file, string shown, bool live)
    {
        _chunks = chunks;
        _csv = csv;
        _file = file;
        _shown = shown;
        _live = live;
    }

    /// <summary>Opens a file where a page starts.</summary>
    /// <param name="source">How it is read.</param>
    /// <param name="path">The file.</param>
    /// <param name="standardInput">Opens standard input; null: the file is opened.</param>
    /// <param name="position">Where to start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<OpenedFile> OpenAsync(FileSource source, string path, Func<Stream>? standardInput, FilePosition position, CancellationToken cancellationToken)
    {
        var live = standardInput is not null;
        var shown = live ? position.Name : $"'{path}'";
        var bare = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var format = source.Format ?? FormatOf(bare, live, shown);
        var csv = format == FileFormat.Csv ? new CsvRows(shown, source.Delimiter ?? (bare.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',')) : null;
        if (csv is not null && position.Offset > 0)
        {
            await using var first = new RecordChunks(Open(path, standardInput), shown, format, live);
            var chunk = await Guard(shown, first.ReadAsync(cancellationToken)).ConfigureAwait(false);
            using var bytes = chunk!.Bytes;
            csv.ReadHeader(chunk, ByteOrderMark(chunk, shown));
        }
        var chunks = new RecordChunks(Open(path, standardInput), shown, format, live);
        try
        {
            if (position.Offset == 0 || await Guard(shown, chunks.SkipToAsync(position.Offset, position.Line, cancellationToken)).ConfigureAwait(false))
                return new OpenedFile(chunks, csv, position, shown, live);
            throw new SourceException($"{shown} is shorter than it was: it ends before byte {position.Offset}, where an earlier run was") { PositionRefused = true };
        }
        catch
        {
            await chunks.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next page; null after the last.</summary>
    /// <param name="nextFile">Where the next file starts; null if this is the last one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Page?> ReadAsync(string? nextFile, CancellationToken cancellationToken)
    {
        while (await Guard(_shown, _chunks.ReadAsync(cancellationToken)).ConfigureAwait(false) is { } chunk)
        {
            var page = PageOf(chunk, nextFile);
            // A header that arrived before its rows, or blank lines: nothing to tell yet.
            if (page.Records.Count > 0 || chunk.IsLast) return page;
            page.Dispose();
        }
        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _chunks.DisposeAsync();

    private static FileFormat FormatOf(string path, bool live, string shown) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => FileFormat.Jsonl,
        ".csv" or ".tsv" => FileFormat.Csv,
        _ when live => FileFormat.Jsonl,
        _ => throw new SourceException($"the ending of {shown} does not tell what is in it; set format: jsonl or format: csv in the source"),
    };

    private static Stream Open(string path, Func<Stream>? standardInput)
    {
        if (standardInput is not null) return standardInput();
        try
        {
            var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GzipFile(file) : file;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SourceException($"no permission to read '{path}' ({Path.GetFullPath(path)})", e);
        }
        catch (IOException e)
        {
            throw new SourceException($"'{path}' can't be opened: {e.Message}", e);
        }
    }

    private static async ValueTask<T> Guard<T>(string shown, ValueTask<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new SourceException($"{shown} is not a whole gzip file: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new SourceException($"{shown} can't be read: {e.Message}", e);
        }
    }

    private static int ByteOrderMark(RecordChunk chunk, string shown)
    {
        if (chunk.Offset > 0) return 0;
        if (chunk.Bytes.Written is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new SourceException($"{shown} is UTF-16, expected UTF-8; convert it, e.g. with iconv -f utf-16 -t utf-8");
        return chunk.Bytes.Written.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    private Page PageOf(RecordChunk chunk, string? nextFile)
    {
        var bytes = chunk.Bytes;
        PooledBuffer? json = null;
        try
        {
            var start = ByteOrderMark(chunk, _shown);
            var next = chunk.Offset + bytes.Length;
            List<RecordSlice> records;
            if (_csv is null)
            {
                records = JsonLines.Find(bytes.Written, start, (int)(chunk.NextLine - chunk.Line) + 1);
            }
            else
            {
                json = new PooledBuffer(2 * bytes.Length);
                records = _csv.Convert(chunk, start, json);
                bytes.Dispose();
            }
            return new Page(json ?? bytes, records) { Position = At(chunk.Offset, chunk.Line), NextPosition = chunk.IsLast ? nextFile : At(next, chunk.NextLine) };
        }
        catch
        {
            json?.Dispose();
            bytes.Dispose();
            throw;
        }
    }

    private string? At(long offset, long line) => _live ? null : (_file with { Offset = offset, Line = line }).ToString();
}
