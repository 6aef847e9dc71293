using System.Text;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>Finds the column of a field without making a string: records of one stream mostly carry the same fields in the same order.</summary>
internal sealed class ColumnIndex
{
    private readonly BatchSchema _schema;
    private readonly int _rows;
    private readonly List<BatchColumn> _all = [];
    private readonly List<byte[]> _predicted = [];
    private readonly List<BatchColumn> _predictedColumns = [];
    private readonly Dictionary<string, BatchColumn> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchColumn>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly BatchColumn?[] _key;

    /// <param name="schema">What is declared.</param>
    /// <param name="rows">How many records are expected; it may be more or fewer.</param>
    public ColumnIndex(BatchSchema schema, int rows)
    {
        _schema = schema;
        _rows = rows;
        _key = new BatchColumn?[schema.PrimaryKey.Count];
        _bySpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        Projected = [.. schema.Columns.Where(c => c.Path is not null).Select(c => (ByName(c.Name), c.Path!))];
    }

    public IReadOnlyList<BatchColumn> All => _all;

    /// <summary>Columns whose value lies deeper in the record.</summary>
    public (BatchColumn Column, JsonPath Path)[] Projected { get; }

    public BatchColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The first field of the primary key in which a record has no value; null: it has all.</summary>
    public string? MissingKey(int row)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            var column = _key[i] ??= Find(_schema.PrimaryKey[i]);
            if (column is null || column[row].Kind is CellKind.Absent or CellKind.Null) return _schema.PrimaryKey[i];
        }
        return null;
    }

    /// <summary>The column of the property name that the reader stands on, the <paramref name="position"/>th of its record.</summary>
    public BatchColumn Of(ref Utf8JsonReader reader, int position)
    {
        if (position < _predicted.Count && !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(_predicted[position])) return _predictedColumns[position];
        var column = Lookup(ref reader);
        if (position == _predicted.Count && !reader.ValueIsEscaped)
        {
            _predicted.Add(reader.ValueSpan.ToArray());
            _predictedColumns.Add(column);
        }
        return column;
    }

    public void Release()
    {
        foreach (var column in _all) column.Release();
    }

    private BatchColumn Lookup(ref Utf8JsonReader reader)
    {
        const int OnStack = 256;
        if (reader.ValueSpan.Length > OnStack) return ByName(reader.GetString()!);
        Span<char> name = stackalloc char[OnStack];
        var length = reader.ValueIsEscaped ? reader.CopyString(name) : Encoding.UTF8.GetChars(reader.ValueSpan, name);
        return _bySpan.TryGetValue(name[..length], out var column) ? column : ByName(new string(name[..length]));
    }

    private BatchColumn ByName(string name)
    {
        if (_byName.TryGetValue(name, out var known)) return known;
        var declared = _schema.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
        var column = new BatchColumn(name, declared?.Type, _rows);
        _all.Add(column);
        _byName.Add(name, column);
        return column;
    }
}
