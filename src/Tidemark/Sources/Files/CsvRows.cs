using System.Text.Unicode;
using CsvHelper;
using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>
/// Makes JSON objects of CSV rows. The header row names the fields. An empty field is null, unless it is quoted; numbers and booleans become such only where
/// nothing is lost by it (<see cref="CsvValues"/>); a row may be shorter than the header, not longer.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="delimiter">What stands between fields.</param>
internal sealed class CsvRows(string name, char delimiter)
{
    private readonly CsvReaderOptions _options = new()
    {
        HasHeader = false,
        Separator = delimiter,
        TrimWhitespace = false,
        TrackLineNumbers = true,
        IncludeValuesInExceptions = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = int.MaxValue,
    };

    private byte[][] _names = [];

    /// <summary>True when the header row was read.</summary>
    public bool HasHeader => _names.Length > 0;

    /// <summary>Reads the header row only.</summary>
    /// <param name="chunk">The first chunk of the file.</param>
    /// <param name="start">Where it begins in it.</param>
    public void ReadHeader(RecordChunk chunk, int start)
    {
        using var rows = CsvReader.Create(chunk.Bytes.WrittenMemory[start..], _options);
        TakeHeader(rows, chunk);
    }

    /// <summary>The rows of a chunk as JSON objects.</summary>
    /// <param name="chunk">The chunk; it stays the caller's.</param>
    /// <param name="start">Where it begins in it.</param>
    /// <param name="json">Where the objects are written.</param>
    /// <exception cref="SourceException">It is not CSV; the message has the line.</exception>
    public List<RecordSlice> Convert(RecordChunk chunk, int start, PooledBuffer json)
    {
        var records = new List<RecordSlice>();
        using var rows = CsvReader.Create(chunk.Bytes.WrittenMemory[start..], _options);
        if (!HasHeader) TakeHeader(rows, chunk);
        while (Read(rows, chunk))
        {
            if (rows.FieldCount > _names.Length)
                throw new SourceException($"line {LineOf(rows, chunk)} of {name} has {rows.FieldCount} fields, but the header has {_names.Length}; is a text with {Shown} in it not quoted?");
            var from = json.Length;
            for (var i = 0; i < rows.FieldCount; i++)
            {
                json.Write(i == 0 ? "{"u8 : ","u8);
                json.Write(_names[i]);
                CsvValues.Write(json, rows.GetSpan(i), quoted: rows.GetRawSpan(i) is [(byte)'"', ..]);
            }
            json.Write("}"u8);
            records.Add(new RecordSlice(from, json.Length - from));
        }
        return records;
    }

    private string Shown => delimiter == '\t' ? "a tab" : $"'{delimiter}'";

    private void TakeHeader(CsvReader rows, RecordChunk chunk)
    {
        if (!Read(rows, chunk)) throw new SourceException($"{name} has no header row; expected the names of the fields on its first line");
        var names = new byte[rows.FieldCount][];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (!Utf8.IsValid(rows.GetSpan(i))) throw new SourceException($"the header row of {name} is not UTF-8; convert the file, e.g. with iconv -t utf-8");
            var field = rows.GetString(i);
            if (string.IsNullOrWhiteSpace(field)) throw new SourceException($"column {i + 1} of {name} has no name in the header row");
            if (!seen.TryAdd(field, i + 1)) throw new SourceException($"the header row of {name} has '{field}' twice, in columns {seen[field]} and {i + 1}; give each column a name of its own");
            using var key = new PooledBuffer(64);
            CsvValues.WriteText(key, rows.GetSpan(i));
            key.Write(":"u8);
            names[i] = key.Written.ToArray();
        }
        _names = names;
    }

    private bool Read(CsvReader rows, RecordChunk chunk)
    {
        try
        {
            return rows.Read();
        }
        catch (CsvFormatException e)
        {
            throw new SourceException($"line {chunk.Line + Math.Max(1, e.LineNumber) - 1} of {name} is not CSV: a quote stands where none can be, or is not closed; write \"\" for a quote in a quoted field", e);
        }
    }

    private static long LineOf(CsvReader rows, RecordChunk chunk) => chunk.Line + rows.LineNumber - 1;
}
