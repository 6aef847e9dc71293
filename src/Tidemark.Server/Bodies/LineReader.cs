using Tidemark.Records;

namespace Tidemark.Server.Bodies;

/// <summary>Cuts a body into lines. Nothing is parsed: a line that is no record is rejected alone, and one that is too long is passed over and counted.</summary>
internal sealed class LineReader(Stream body, long maxRecord) : IRecordReader
{
    private const int ReadSize = 64 << 10;

    private PooledBuffer _buffer = new(ReadSize);
    private long _line;
    private long _skipped;
    private bool _begun;
    private bool _ended;
    private bool _done;

    public ReadOnlyMemory<byte> Request => default;

    public async Task<RecordPart?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_done) return null;
        var (records, lines, oversized) = (new List<RecordSlice>(), new List<long>(), new List<(int Record, long Size)>());
        var (at, scanned, size) = (0, 0, 0L);
        while (records.Count < RecordPart.MaxRecords && size < RecordPart.ByteSize)
        {
            var newline = _buffer.Written[scanned..].IndexOf((byte)'\n');
            if (newline < 0 && !_ended)
            {
                scanned = _buffer.Length;
                if (_skipped > 0 || scanned - at > maxRecord)
                {
                    _skipped += scanned - at;
                    _buffer.Truncate(at);
                    scanned = at;
                }
                await FillAsync(cancellationToken);
                if (!_begun && _buffer.Length >= 3) (at, scanned, _begun) = Begin(at, scanned);
                continue;
            }
            var end = newline < 0 ? _buffer.Length : scanned + newline;
            _line++;
            if (_skipped > 0 || end - at > maxRecord)
            {
                oversized.Add((records.Count, _skipped + end - at));
                records.Add(new RecordSlice(at, 0));
                lines.Add(_line);
                _skipped = 0;
            }
            else if (_buffer.Written[at..end].IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                records.Add(new RecordSlice(at, _buffer.Written[at..end].TrimEnd((byte)'\r').Length));
                lines.Add(_line);
                size += end - at;
            }
            (at, scanned) = newline < 0 ? (end, end) : (end + 1, end + 1);
            _done = newline < 0;
            if (_done) break;
        }
        var part = new RecordPart(_buffer, records) { Lines = lines, IsLast = _done };
        foreach (var (record, length) in oversized) part.Oversized[record] = length;
        var rest = _buffer.Written[at..];
        // What follows a full part is as large, mostly: it need not grow through sizes that the pool keeps.
        var next = new PooledBuffer(Math.Max(_done ? ReadSize : RecordPart.ByteSize + ReadSize, rest.Length));
        next.Write(rest);
        _buffer.Truncate(at);
        _buffer = next;
        return part;
    }

    public void Dispose() => _buffer.Dispose();

    // A byte order mark is no part of the first line.
    private (int At, int Scanned, bool Begun) Begin(int at, int scanned) => _buffer.Written.StartsWith("\uFEFF"u8) ? (3, Math.Max(3, scanned), true) : (at, scanned, true);

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _buffer.EnsureFree(ReadSize);
        var read = await body.ReadAsync(_buffer.GetMemory()[..ReadSize], cancellationToken);
        _buffer.Advance(read);
        _ended = read == 0;
    }
}
