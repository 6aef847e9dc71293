using System.Text.Json;
using Tidemark.Records;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Bodies;

/// <summary>
/// Finds the records of a JSON document as it arrives: no tree is built, and what is held is a part, a record and the members that are wanted. A record that is too large is passed over and counted.
/// </summary>
internal sealed class JsonRecordReader(Stream body, JsonReaderSetup setup) : IRecordReader
{
    private const int ReadSize = 64 << 10;

    /// <summary>Bytes of records that are held back until the members are known that they need.</summary>
    private const int HoldBack = 8 << 20;

    private readonly JsonDocumentWalk _walk = new(setup);
    private readonly Queue<RecordPart> _ready = new();
    private PooledBuffer _buffer = new(ReadSize);
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = Math.Min(1000, setup.MaxDepth + setup.Path.Count + 2) });
    private List<RecordSlice> _records = [];
    private List<(int Record, long Size)> _oversized = [];

    // Up to where the reader has come, and where the last record of this part has ended.
    private int _consumed;
    private int _kept;
    private long _size;
    private long _skipped;
    private long _before;
    private bool _begun;
    private bool _ended;
    private bool _done;

    public ReadOnlyMemory<byte> Request => _walk.Request;

    public async Task<RecordPart?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_done && _ready.Count == 0)
        {
            if (Parse()) continue;
            if (_ended)
            {
                _done = true;
                Cut(_buffer.Length);
                break;
            }
            DropWhatIsSeen();
            if (_buffer.Length - _consumed > setup.MaxRecord + ReadSize)
                throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "record_too_large", $"a value of record {_before + _records.Count} is longer than {setup.MaxRecord} bytes (max_record_size); as application/x-ndjson it would be rejected alone");
            await FillAsync(cancellationToken);
        }
        return _ready.TryDequeue(out var part) ? part : null;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        while (_ready.TryDequeue(out var part)) part.Dispose();
    }

    // True if a part is ready.
    private bool Parse()
    {
        if (!_begun && !Begin()) return false;
        var offset = _consumed;
        var reader = new Utf8JsonReader(_buffer.Written[offset..], _ended, _state);
        try
        {
            while (reader.Read())
            {
                if (_walk.See(ref reader, _buffer.Written, offset) is not { } record) continue;
                Add(record);
                if (_records.Count < RecordPart.MaxRecords && _size < RecordPart.ByteSize) continue;
                if (!_walk.HasNeeded)
                {
                    if (_size <= HoldBack) continue;
                    throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "fields_too_late", $"'{string.Join("', '", _walk.Missing)}' did not come before {HoldBack >> 20} MiB of records: put it before '{string.Join('.', setup.Path)}', or send smaller posts");
                }
                (_consumed, _state) = (offset + (int)reader.BytesConsumed, reader.CurrentState);
                Cut(_kept);
                return true;
            }
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, "not_json", $"the body is not JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')} (line {e.LineNumber + 1}, byte {e.BytePositionInLine})", e);
        }
        (_consumed, _state) = (offset + (int)reader.BytesConsumed, reader.CurrentState);
        return false;
    }

    // A byte order mark is no JSON.
    private bool Begin()
    {
        if (_buffer.Length < 3 && !_ended) return false;
        _begun = true;
        if (_buffer.Written.StartsWith("\uFEFF"u8)) _consumed = 3;
        return true;
    }

    private void Add(RecordSlice record)
    {
        if (_skipped > 0 || record.Length > setup.MaxRecord)
        {
            _oversized.Add((_records.Count, _skipped + record.Length));
            record = record with { Length = 0 };
            _skipped = 0;
        }
        else
        {
            _kept = record.Offset + record.Length;
            _size += record.Length;
        }
        _records.Add(record);
    }

    // At this point all before `end` belongs to the part, and what the reader has not seen yet comes behind it.
    private void Cut(int end)
    {
        end = Math.Max(end, Math.Min(_consumed, _buffer.Length));
        var rest = new PooledBuffer(Math.Max(ReadSize, _buffer.Length - end));
        rest.Write(_buffer.Written[end..]);
        _buffer.Truncate(end);
        _walk.Shift(end);
        Enqueue(_buffer);
        _before += _records.Count;
        (_buffer, _consumed, _kept, _size) = (rest, Math.Max(0, _consumed - end), 0, 0);
        (_records, _oversized) = ([], []);
    }

    // What was held back may be several parts.
    private void Enqueue(PooledBuffer bytes)
    {
        for (var start = 0; start == 0 || start < _records.Count; start += RecordPart.MaxRecords)
        {
            var some = _records.Skip(start).Take(RecordPart.MaxRecords).ToList();
            var isLast = _done && start + some.Count >= _records.Count;
            var part = some.Count == _records.Count ? new RecordPart(bytes, some) { IsLast = isLast } : Copy(bytes, some, isLast);
            foreach (var (record, size) in _oversized.Where(o => o.Record >= start && o.Record < start + some.Count)) part.Oversized[record - start] = size;
            _ready.Enqueue(part);
        }
        if (_records.Count > RecordPart.MaxRecords) bytes.Dispose();
    }

    private static RecordPart Copy(PooledBuffer bytes, List<RecordSlice> records, bool isLast)
    {
        var copy = new PooledBuffer(Math.Max(ReadSize, records.Sum(r => r.Length)));
        var slices = new List<RecordSlice>(records.Count);
        foreach (var record in records)
        {
            slices.Add(new RecordSlice(copy.Length, record.Length));
            copy.Write(bytes.Written.Slice(record.Offset, record.Length));
        }
        return new RecordPart(copy, slices) { IsLast = isLast };
    }

    // What lies between the last record and what is being read is not needed; nor is the beginning of a record that is too large.
    private void DropWhatIsSeen()
    {
        var needed = _consumed;
        if (_walk.RecordStart >= 0)
        {
            if (_skipped == 0 && _consumed - _walk.RecordStart <= setup.MaxRecord) needed = _walk.RecordStart;
            else _skipped += _consumed - _walk.RecordStart;
        }
        if (_walk.MemberStart >= 0)
        {
            if (_walk.RecordStart < 0 && _consumed - _walk.MemberStart > setup.MaxRecord)
                throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"a member of the request is larger than {setup.MaxRecord} bytes (max_record_size)");
            if (_walk.RecordStart < 0) needed = Math.Min(needed, _walk.MemberStart);
        }
        var drop = needed - _kept;
        if (drop < ReadSize && _skipped == 0) return;
        if (drop <= 0) return;
        var rest = _buffer.Written[needed..].ToArray();
        _buffer.Truncate(_kept);
        _buffer.Write(rest);
        _walk.Shift(drop);
        if (_skipped > 0) _walk.BeginRecordAt(_kept);
        _consumed -= drop;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _buffer.EnsureFree(ReadSize);
        var read = await body.ReadAsync(_buffer.GetMemory()[..ReadSize], cancellationToken);
        _buffer.Advance(read);
        _ended = read == 0;
    }
}
