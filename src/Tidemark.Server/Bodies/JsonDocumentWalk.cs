using System.Buffers;
using System.Text.Json;
using Tidemark.Records;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Bodies;

/// <summary>
/// Walks through a JSON document token by token, in whatever pieces it comes, and says where records begin and end: pure, over positions in a buffer that its owner moves
/// (<see cref="Shift"/>).
/// </summary>
/// <remarks>
/// 1. The first token tells what the document is: a list of records, or an object.
/// 2. In an object it goes down the path, or looks for <c>records</c>; members that are wanted are kept.
/// 3. In the list each value is a record.
/// 4. Behind the list only the rest of the object may come.
/// </remarks>
internal sealed class JsonDocumentWalk(JsonReaderSetup setup)
{
    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private Place _place = Place.Start;
    private int _level;
    private int _listDepth;
    private bool _isOnPath;
    private string? _wanted;

    // The depth of a value that is passed over; below 0: none is.
    private int _passing = -1;

    /// <summary>Where the record that is being read begins; below 0: none is.</summary>
    public int RecordStart { get; private set; } = -1;

    /// <summary>Where the member that is being kept begins; below 0: none is.</summary>
    public int MemberStart { get; private set; } = -1;

    /// <summary>True if all is known that a record needs.</summary>
    public bool HasNeeded => setup.Needed.All(_kept.Contains);

    /// <summary>The members that are needed and were not there yet.</summary>
    public IEnumerable<string> Missing => setup.Needed.Where(n => !_kept.Contains(n));

    /// <summary>The members that were kept, as an object; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Request => _request.WrittenCount == 0 ? default : (byte[])[.. _request.WrittenSpan, (byte)'}'];

    /// <summary>Positions from one on are so much smaller now.</summary>
    public void Shift(int by)
    {
        if (RecordStart >= 0) RecordStart -= by;
        if (MemberStart >= 0) MemberStart -= by;
    }

    /// <summary>The beginning of the record that is being read is dropped: what is left of it begins here.</summary>
    public void BeginRecordAt(int position) => RecordStart = position;

    /// <summary>Sees the token that the reader stands on.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Where the reader's own bytes begin in them.</param>
    /// <returns>The record that has ended with this token; null: none has.</returns>
    public RecordSlice? See(ref Utf8JsonReader reader, ReadOnlySpan<byte> buffer, int offset)
    {
        var (start, end) = (offset + (int)reader.TokenStartIndex, offset + (int)reader.BytesConsumed);
        if (_passing >= 0)
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray && reader.CurrentDepth == _passing) EndMember(buffer, end);
            return null;
        }
        switch (_place)
        {
            case Place.Start:
                Begin(ref reader, start);
                return null;
            case Place.InList:
                return InList(ref reader, start, end);
            default:
                return InObject(ref reader, buffer, start, end);
        }
    }

    private void Begin(ref Utf8JsonReader reader, int start)
    {
        if (reader.TokenType == JsonTokenType.StartArray && setup.Path.Count == 0)
        {
            (_place, _listDepth) = (Place.InList, 1);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad($"found {Word(reader.TokenType)}, expected {(setup.Path.Count == 0 ? "a list of records, {\"records\":[…]} or one record" : $"an object with '{string.Join('.', setup.Path)}'")}");
        _place = Place.InObject;
        if (setup.Path.Count == 0) RecordStart = start;
    }

    private RecordSlice? InList(ref Utf8JsonReader reader, int start, int end)
    {
        if (reader.CurrentDepth < _listDepth)
        {
            _place = Place.BehindList;
            return null;
        }
        if (reader.CurrentDepth > _listDepth) return null;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            RecordStart = start;
            return null;
        }
        if (reader.TokenType == JsonTokenType.PropertyName) return null;
        var from = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? RecordStart : start;
        RecordStart = -1;
        return new RecordSlice(from, end - from);
    }

    private RecordSlice? InObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> buffer, int start, int end)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _isOnPath = reader.ValueTextEquals(setup.Path.Count == 0 ? "records" : setup.Path[Math.Min(_level, setup.Path.Count - 1)]);
            _wanted = null;
            if (reader.CurrentDepth > 1) return null;
            foreach (var name in setup.Wanted)
            {
                if (reader.ValueTextEquals(name)) _wanted = name;
            }
            return null;
        }
        if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) return EndObject(ref reader, end);
        if (_isOnPath && _place == Place.InObject && Descend(ref reader)) return null;
        if (_isOnPath && _place == Place.BehindList && reader.CurrentDepth == 1 && setup.Path.Count <= 1) throw Bad($"found '{(setup.Path.Count == 0 ? "records" : setup.Path[0])}' twice, expected one list of records");
        MemberStart = start;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) _passing = reader.CurrentDepth;
        else EndMember(buffer, end);
        return null;
    }

    // True if the value is on the way to the list, or is the list.
    private bool Descend(ref Utf8JsonReader reader)
    {
        var isLast = _level >= setup.Path.Count - 1;
        if (isLast && reader.TokenType == JsonTokenType.StartArray)
        {
            (_place, _listDepth, RecordStart) = (Place.InList, reader.CurrentDepth + 1, -1);
            return true;
        }
        // Without a path, a record may have a field that is called records and is no list.
        if (setup.Path.Count == 0) return false;
        if (isLast || reader.TokenType != JsonTokenType.StartObject) throw Bad($"found {Word(reader.TokenType)} in '{string.Join('.', setup.Path.Take(_level + 1))}', expected {(isLast ? "a list of records" : "an object")}");
        _level++;
        return true;
    }

    private RecordSlice? EndObject(ref Utf8JsonReader reader, int end)
    {
        if (_place == Place.BehindList) return null;
        if (setup.Path.Count > 0) throw Bad($"found no '{string.Join('.', setup.Path)}' in the request, expected a list of records there");
        if (reader.CurrentDepth > 0) return null;
        var record = new RecordSlice(RecordStart, end - RecordStart);
        (_place, RecordStart) = (Place.BehindList, -1);
        return record;
    }

    private void EndMember(ReadOnlySpan<byte> buffer, int end)
    {
        if (_wanted is { } name)
        {
            if (!_kept.Add(name)) throw Bad($"found '{name}' twice in the request: which of them counts?");
            _request.Write(_request.WrittenCount == 0 ? "{\""u8 : ",\""u8);
            _request.Write(JsonEncodedText.Encode(name).EncodedUtf8Bytes);
            _request.Write("\":"u8);
            _request.Write(buffer[MemberStart..end]);
        }
        (MemberStart, _passing, _wanted) = (-1, -1, null);
    }

    private static ProblemException Bad(string detail) => new(StatusCodes.Status400BadRequest, "not_records", detail);

    private static string Word(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    private enum Place
    {
        Start,
        InObject,
        InList,
        BehindList,
    }
}
