using System.Text;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>Finds the column of a field without making a string: records of one stream mostly carry the same fields in the same order.</summary>
internal sealed class ColumnIndex
{
    private const string Separator = "__";

    private readonly BatchSchema _schema;
    private readonly int _rows;
    private readonly KnownFields _known;
    private readonly List<BatchColumn> _all = [];
    private readonly Dictionary<string, BatchColumn> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchColumn>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly BatchColumn?[] _key;

    /// <param name="schema">What is declared.</param>
    /// <param name="known">The fields of the table; null: it has none.</param>
    /// <param name="rows">How many records are expected; it may be more or fewer.</param>
    public ColumnIndex(BatchSchema schema, KnownFields? known, int rows)
    {
        _known = known ?? new KnownFields([]);
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

    /// <summary>The fields of a record.</summary>
    public FieldLevel Root { get; } = new("");

    /// <summary>The column of the property name that the reader stands on, the <paramref name="position"/>th of its object.</summary>
    public BatchColumn Of(FieldLevel level, ref Utf8JsonReader reader, int position)
    {
        if (level.Predicted(ref reader, position) is { } predicted) return predicted;
        var column = Resolve(level.Prefix, ref reader);
        column.FirstLevel ??= level;
        // `a__b`, and `b` in a flattened `a`.
        if (column.FirstLevel != level) column.SharedBy ??= column.FirstLevel;
        level.Learn(ref reader, position, column);
        return column;
    }

    /// <summary>The fields of the objects in a column that is flattened.</summary>
    public static FieldLevel Inside(BatchColumn column) => column.Inside ??= new FieldLevel(column.Field + Separator);

    /// <summary>The columns that objects in a column are flattened to.</summary>
    public BatchColumn[] Under(BatchColumn column) => column.Under is { } under && column.UnderAt == _all.Count ? under : FindUnder(column);

    /// <summary>True if a column holds other values than objects.</summary>
    public bool HoldsOther(BatchColumn column) => (column.Seen & CellKinds.Values) != CellKinds.None || _known.Contains(column.Field);

    public void Release()
    {
        foreach (var column in _all) column.Release();
    }

    private BatchColumn[] FindUnder(BatchColumn column)
    {
        var prefix = column.Field + Separator;
        foreach (var field in _known.Under(prefix).ToList()) ByName(field);
        BatchColumn[] under = [.. _all.Where(c => c.Field.StartsWith(prefix, StringComparison.Ordinal))];
        (column.Under, column.UnderAt) = (under, _all.Count);
        return under;
    }

    private BatchColumn Resolve(string prefix, ref Utf8JsonReader reader)
    {
        const int OnStack = 256;
        if (prefix.Length + reader.ValueSpan.Length > OnStack) return Named(prefix + reader.GetString(), prefix);
        Span<char> name = stackalloc char[OnStack];
        prefix.CopyTo(name);
        var rest = name[prefix.Length..];
        var length = prefix.Length + (reader.ValueIsEscaped ? reader.CopyString(rest) : Encoding.UTF8.GetChars(reader.ValueSpan, rest));
        return _bySpan.TryGetValue(name[..length], out var column) ? column : Named(new string(name[..length]), prefix);
    }

    private BatchColumn Named(string name, string prefix)
    {
        if (prefix.Length > 0) _known.Add(name);
        return ByName(name);
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
