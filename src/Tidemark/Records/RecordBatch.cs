using System.Text.Unicode;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>
/// Records on their way into a destination, as typed columns. Each record's bytes are copied once into the batch; text, decimals and nested
/// values stay slices of these bytes, so that no string and no tree is made per value. Owned by one task.
/// </summary>
/// <param name="schema">What is declared.</param>
/// <param name="known">The fields of the table; null: it has none.</param>
public sealed class RecordBatch(BatchSchema schema, KnownFields? known = null) : IDisposable
{
    private readonly bool _flatten = schema.Nested == NestedValues.Flatten;
    // In four steps to 8 MiB, where batches end (BatchDefinition.BusyByteSize).
    private readonly PooledBuffer _bytes = new(32 * 1024);
    private readonly List<RecordSlice> _payloads = [];
    private ColumnIndex _columns = new(schema, known, rows: 0);

    /// <summary>How many records.</summary>
    public int Count => _payloads.Count;

    /// <summary>The columns, in the order in which they were first seen.</summary>
    public IReadOnlyList<BatchColumn> Columns => _columns.All;

    /// <summary>How many bytes of records.</summary>
    public long ByteSize => _bytes.Length;

    /// <summary>What is declared.</summary>
    public BatchSchema Schema => schema;

    /// <summary>The column of a field; null if no record has brought it and it has no path.</summary>
    /// <param name="field">The field's name, or the column's.</param>
    public BatchColumn? Find(string field) => _columns.Find(field);

    /// <summary>The bytes of a text, decimal or nested value.</summary>
    /// <param name="cell">The value.</param>
    public ReadOnlySpan<byte> Bytes(in Cell cell) => _bytes.Written.Slice(cell.Offset, cell.Length);

    /// <summary>A record as it arrived.</summary>
    /// <param name="row">Which one.</param>
    public ReadOnlySpan<byte> Payload(int row) => _bytes.Written.Slice(_payloads[row].Offset, _payloads[row].Length);

    /// <summary>Adds a record, or says why it can't be one; then the batch is as before.</summary>
    /// <param name="record">A JSON object, UTF-8.</param>
    /// <returns>Null, or what is wrong with the record.</returns>
    public string? Add(ReadOnlySpan<byte> record)
    {
        var start = _bytes.Length;
        var row = Count;
        // Unescaped text goes behind the record and is never longer than it: with this room nothing moves while the reader looks at the bytes.
        _bytes.EnsureFree(checked(2 * record.Length));
        _bytes.Write(record);
        var wrong = Read(_bytes.Written.Slice(start, record.Length), start, row);
        if (wrong is null)
        {
            _payloads.Add(new RecordSlice(start, record.Length));
            return null;
        }
        foreach (var column in Columns) column.Clear(row);
        _bytes.Truncate(start);
        return wrong;
    }

    /// <summary>Forgets all records, so that others can be added; memory is kept for as many.</summary>
    public void Clear()
    {
        var rows = Count;
        _payloads.Clear();
        _bytes.Truncate(0);
        _columns.Release();
        // Columns begin anew too: a field that came once must not stay for ever.
        _columns = new ColumnIndex(schema, known, rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Release();
        _bytes.Dispose();
    }

    private string? Read(ReadOnlySpan<byte> record, int start, int row)
    {
        if (!Utf8.IsValid(record)) return "the record is not valid UTF-8";
        try
        {
            var reader = new Utf8JsonReader(record, JsonPath.ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return $"found {Describe(reader.TokenType)}, expected an object";
            if (ReadFields(ref reader, _columns.Root, start, row) is { } misfit) return misfit;
            // At this point only white space may follow: a second object in the same slice must not be lost silently; it throws.
            reader.Read();
            foreach (var (column, path) in _columns.Projected.AsSpan())
            {
                if (!path.TryFind(_bytes.Written.Slice(start, record.Length), out var slice)) continue;
                // Its text is unescaped once more than there was room made for; from here on `record` may lie where it no longer is.
                _bytes.EnsureFree(slice.Length);
                var inner = new Utf8JsonReader(_bytes.Written.Slice(start + slice.Offset, slice.Length), JsonPath.ReaderOptions);
                inner.Read();
                if (Set(column, row, CellReader.Read(ref inner, start + slice.Offset, _bytes)) is { } wrong) return wrong;
            }
        }
        catch (JsonException e)
        {
            return $"the record is not JSON: {e.Message.Split(" LineNumber:")[0]} (at byte {e.BytePositionInLine})";
        }
        catch (InvalidOperationException e)
        {
            // The reader's word for escapes that are no character, such as a lone surrogate.
            return $"a text in the record can't be read: {e.Message}";
        }
        return _columns.MissingKey(row) is { } key ? $"the record has no value in '{key}', which is part of the primary key" : null;
    }

    private string? ReadFields(ref Utf8JsonReader reader, FieldLevel level, int start, int row)
    {
        for (var position = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; position++)
        {
            var column = _columns.Of(level, ref reader, position);
            if (column.SharedBy is { } other)
            {
                if (other != level && column.IsSetIn(row)) return $"two fields of the record make the column '{column.Field}': one has this name, the other is flattened to it; set nested: json";
                column.SharedBy = level;
            }
            reader.Read();
            // A column that is declared keeps its objects whole.
            var wrong = _flatten && column.Declared is null ? ReadFlattened(ref reader, column, start, row) : Set(column, row, CellReader.Read(ref reader, start, _bytes));
            if (wrong is not null) return wrong;
        }
        return null;
    }

    private string? ReadFlattened(ref Utf8JsonReader reader, BatchColumn column, int start, int row)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            // What was here before, and was no object, is gone.
            if (_columns.HoldsOther(column)) column.Set(row, Cell.Null);
            return ReadFields(ref reader, ColumnIndex.Inside(column), start, row);
        }
        // If there was an object here before, it is gone with all that was in it.
        foreach (var inner in _columns.Under(column))
        {
            // A field of the record itself that is only called so is none of it.
            var isOfRecord = inner.FirstLevel == _columns.Root || inner.SharedBy == _columns.Root;
            if (!isOfRecord || (inner.SharedBy is not null && !inner.IsSetIn(row))) inner.SetGone(row);
        }
        return Set(column, row, CellReader.Read(ref reader, start, _bytes));
    }

    private string? Set(BatchColumn column, int row, Cell cell)
    {
        if (column.Declared is { } declared && !CellReader.TryConvert(ref cell, declared, _bytes)) return Misfit(column, declared, cell);
        column.Set(row, cell);
        return null;
    }

    private string Misfit(BatchColumn column, ColumnType declared, in Cell cell)
    {
        var found = $"found {Describe(cell)} in '{column.Field}'";
        return declared == ColumnType.Timestamp && cell.Kind == CellKind.Text && Timestamps.LacksZone(Bytes(cell))
            ? $"{found}, a timestamp without a zone; expected one with Z or an offset such as +01:00; declare the column as text to keep it as it is"
            : $"{found}, expected {declared.ToString().ToLowerInvariant()} as declared";
    }

    private string Describe(in Cell cell) => cell.Kind switch
    {
        CellKind.Text or CellKind.Timestamp or CellKind.Date => $"the text '{Shorten(System.Text.Encoding.UTF8.GetString(Bytes(cell)))}'",
        CellKind.Boolean => cell.Integer == 1 ? "true" : "false",
        CellKind.Integer => $"the number {cell.Integer}",
        CellKind.Double => "a number with a fraction",
        CellKind.Decimal => "a number with many digits",
        _ => "an object or a list",
    };

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.None => "nothing",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
