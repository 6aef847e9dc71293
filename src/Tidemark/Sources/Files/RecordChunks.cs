using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>
/// Cuts a stream of bytes into chunks of about 1 MiB that end where a record ends. Memory is bounded by a chunk and one record, whatever the size of the file.
/// </summary>
/// <param name="stream">The bytes; disposed with this.</param>
/// <param name="name">The file, for messages.</param>
/// <param name="format">What ends a record: a line break, in CSV only outside of quotes.</param>
/// <param name="live">True to give out what is there as soon as it is: somebody may be writing slowly at the other end.</param>
/// <param name="maxRecord">The longest record, in bytes.</param>
internal sealed class RecordChunks(Stream stream, string name, FileFormat format, bool live, int maxRecord = RecordChunks.MaxRecord) : IAsyncDisposable
{
    /// <summary>The longest record, in bytes.</summary>
    public const int MaxRecord = 64 << 20;

    private const int ChunkSize = 1 << 20;
    private const int ReadSize = 64 << 10;

    private PooledBuffer _rest = new(ReadSize);
    private long _offset;
    private long _line = 1;
    private bool _ended;
    private bool _done;

    /// <summary>Goes forward to where an earlier reading was.</summary>
    /// <param name="offset">The byte.</param>
    /// <param name="line">Its line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the file ends before.</returns>
    public async ValueTask<bool> SkipToAsync(long offset, long line, CancellationToken cancellationToken)
    {
        (_offset, _line) = (offset, line);
        if (stream.CanSeek)
        {
            stream.Position = offset;
            return offset <= stream.Length;
        }
        using var passed = new PooledBuffer(ReadSize);
        for (var left = offset; left > 0;)
        {
            var room = passed.GetMemory();
            var read = await stream.ReadAsync(room[..(int)Math.Min(room.Length, left)], cancellationToken).ConfigureAwait(false);
            if (read == 0) return false;
            left -= read;
        }
        return true;
    }

    /// <summary>The next chunk: at least one, an empty one if there is nothing; null after the last.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<RecordChunk?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_done) return null;
        var scanned = 0;
        var whole = 0;
        var quoted = false;
        while (!_ended)
        {
            FindEnds(_rest.Written, scanned, ref whole, ref quoted);
            scanned = _rest.Length;
            if (whole > 0 && (live || scanned >= ChunkSize)) break;
            if (scanned - whole > maxRecord) throw TooLong(whole);
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
        if (_ended) whole = _rest.Length;
        return await CutAsync(whole, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _rest.Dispose();
        return stream.DisposeAsync();
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _rest.EnsureFree(ReadSize);
        var read = await stream.ReadAsync(_rest.GetMemory()[..ReadSize], cancellationToken).ConfigureAwait(false);
        _rest.Advance(read);
        _ended = read == 0;
    }

    private async ValueTask<RecordChunk> CutAsync(int whole, CancellationToken cancellationToken)
    {
        var bytes = _rest;
        _rest = new PooledBuffer(Math.Max(ReadSize, bytes.Length - whole));
        _rest.Write(bytes.Written[whole..]);
        bytes.Truncate(whole);
        var (offset, line) = (_offset, _line);
        _offset += whole;
        _line += bytes.Written.Count((byte)'\n');
        try
        {
            // A page says where the next one starts: so it has to be known whether there is one.
            if (!live && !_ended && _rest.Length == 0) await FillAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
        _done = _ended && _rest.Length == 0;
        return new RecordChunk(bytes, offset, line, _line, _done);
    }

    private void FindEnds(ReadOnlySpan<byte> bytes, int from, ref int whole, ref bool quoted)
    {
        if (format == FileFormat.Jsonl)
        {
            if (bytes[from..].LastIndexOf((byte)'\n') is >= 0 and var last) whole = from + last + 1;
            return;
        }
        while (bytes[from..].IndexOfAny((byte)'"', (byte)'\n') is >= 0 and var next)
        {
            from += next + 1;
            if (bytes[from - 1] == '"') quoted = !quoted;
            else if (!quoted) whole = from;
        }
    }

    private SourceException TooLong(int whole)
    {
        var line = _line + _rest.Written[..whole].Count((byte)'\n');
        return new SourceException(format == FileFormat.Jsonl
            ? $"line {line} of {name} is longer than {maxRecord >> 20} MiB, expected one JSON object a line"
            : $"the row on line {line} of {name} is longer than {maxRecord >> 20} MiB; is a quote not closed?");
    }
}
