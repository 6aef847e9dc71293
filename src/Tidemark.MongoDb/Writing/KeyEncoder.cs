using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Values;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>The primary key of a batch's records: what finds a document.</summary>
internal sealed class KeyEncoder
{
    private readonly RecordBatch _batch;
    private readonly BatchColumn[] _columns;
    private readonly byte[][] _names;

    public KeyEncoder(RecordBatch batch, IReadOnlyList<string> key)
    {
        _batch = batch;
        _columns = [.. key.Select(k => batch.Find(k) ?? throw new DestinationException(DestinationFault.Record, $"no record has a value in '{k}', which is part of the primary key"))];
        _names = [.. key.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The names of its fields.</summary>
    public IReadOnlyList<byte[]> Names => _names;

    /// <summary>How the values of some records are compared with each other.</summary>
    public KeyPart[] Parts(int start, int count) => Array.ConvertAll(_columns, c => new KeyPart(c, c.Declared ?? ColumnTypes.Infer(c.SeenIn(start, count))));

    /// <summary>True if texts and other values meet in a field: <c>"1"</c> and <c>1</c> are two keys to MongoDB.</summary>
    public bool IsMixed(int start, int count) => Array.Exists(_columns, c =>
        c.Declared is null && c.SeenIn(start, count) is var seen && (seen & CellKinds.Text) != CellKinds.None && (seen & (CellKinds.Numbers | CellKinds.Boolean)) != CellKinds.None);

    /// <summary>True if a column of the batch is part of it.</summary>
    public bool Has(BatchColumn column) => Array.IndexOf(_columns, column) >= 0;

    /// <summary>Writes the fields of a record's key; or says why it can't be one.</summary>
    public string? Write(BsonWriter writer, int record)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var cell = _columns[i][record];
            // What MongoDB could take for an operator, and what makes several entries in an index, is no key.
            if (cell.Kind == CellKind.Json && _columns[i].Declared != ColumnType.Text) return $"found an object or a list in '{_columns[i].Field}', which is part of the primary key: expected a single value";
            if (CellEncoder.Write(writer, _names[i], _batch, cell, _columns[i].Declared) is { } wrong) return $"'{_columns[i].Field}': {wrong}";
        }
        return null;
    }

    /// <summary>A text that is the same for two keys exactly if MongoDB takes them for equal.</summary>
    /// <param name="document">A document that has the fields.</param>
    public string IdentityOf(ReadOnlySpan<byte> document)
    {
        var text = new StringBuilder();
        foreach (var name in _names) text.Append(IdentityOf(BsonReader.Find(document, name))).Append('\0');
        return text.ToString();
    }

    /// <summary>A text that is the same for two values exactly if MongoDB takes them for equal: numbers are, whatever their types.</summary>
    public static string IdentityOf(in BsonElement value) => value.Type switch
    {
        BsonType.Int32 or BsonType.Int64 => "n" + BsonText.Of(value),
        BsonType.Double => "n" + (double.IsInteger(value.Double) && Math.Abs(value.Double) < 1L << 53 ? ((long)value.Double).ToString(CultureInfo.InvariantCulture) : BsonText.Of(value)),
        BsonType.Decimal128 => "n" + Trimmed(Decimal128.Text(BinaryPrimitives.ReadUInt128LittleEndian(value.Value))),
        BsonType.None or BsonType.Null or BsonType.Undefined => "0",
        _ => $"{(int)value.Type}:{BsonText.Of(value)}",
    };

    private static string Trimmed(string number) => number.Contains('.', StringComparison.Ordinal) && !number.Contains('E', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
