using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>Compares what a stream declares with its table as it really is. What is not declared may be as it likes.</summary>
public static class SchemaVerification
{
    /// <summary>All differences: first the table, then columns, key, indexes and partitions; empty: there are none.</summary>
    /// <param name="target">The stream.</param>
    /// <param name="table">Its table; null: there is none.</param>
    public static IReadOnlyList<SchemaDifference> Compare(StreamTarget target, TableDescription? table) => table is null
        ? [new SchemaDifference(SchemaDifferenceKind.TableMissing, $"table {target.Table}", "a table", $"none; tidemark run {target.Stream} makes it")]
        : [.. DeclaredColumns(target, table), .. OtherColumns(target, table), .. Key(target, table), .. Indexes(target, table), .. Partitioning(target, table)];

    /// <summary>All differences from a table that has to be exactly so: columns with their types and whether they take null, key, indexes with their names. What is beside them is a difference, too.</summary>
    /// <param name="expected">The table as it has to be.</param>
    /// <param name="table">The table; null: there is none.</param>
    public static IReadOnlyList<SchemaDifference> CompareExactly(TableDescription expected, TableDescription? table)
    {
        ArgumentNullException.ThrowIfNull(expected);
        if (table is null) return [new SchemaDifference(SchemaDifferenceKind.TableMissing, $"table {expected.Table}", "a table", "none; tidemark serve makes it by the migrations")];
        static string Words(ColumnDescription column) => column.SqlType + (column.Nullable ? "" : " not null");
        static string Line(IndexDescription index) => $"{(index.Unique ? "unique " : "")}({string.Join(", ", index.Columns)})";
        return
        [
            .. Beside(expected.Columns.ToDictionary(c => c.Name, Words, StringComparer.Ordinal), table.Columns.ToDictionary(c => c.Name, Words, StringComparer.Ordinal), "column", SchemaDifferenceKind.ColumnMissing, SchemaDifferenceKind.ColumnType),
            .. expected.PrimaryKey.SequenceEqual(table.PrimaryKey, StringComparer.Ordinal) ? Array.Empty<SchemaDifference>()
                : [new SchemaDifference(SchemaDifferenceKind.KeyMissing, "primary key", $"({string.Join(", ", expected.PrimaryKey)})", table.PrimaryKey.Count == 0 ? "none" : $"({string.Join(", ", table.PrimaryKey)})")],
            .. Beside(expected.Indexes.ToDictionary(i => i.Name, Line, StringComparer.Ordinal), table.Indexes.ToDictionary(i => i.Name, Line, StringComparer.Ordinal), "index", SchemaDifferenceKind.IndexMissing, SchemaDifferenceKind.IndexMissing),
        ];
    }

    private static IEnumerable<SchemaDifference> Beside(Dictionary<string, string> expected, Dictionary<string, string> found, string what, SchemaDifferenceKind missing, SchemaDifferenceKind other)
    {
        foreach (var (name, words) in expected)
        {
            if (!found.TryGetValue(name, out var there)) yield return new SchemaDifference(missing, $"{what} {name}", words, "none");
            else if (!string.Equals(words, there, StringComparison.Ordinal)) yield return new SchemaDifference(other, $"{what} {name}", words, there);
        }
        foreach (var (name, words) in found.Where(f => !expected.ContainsKey(f.Key))) yield return new SchemaDifference(other, $"{what} {name}", "none", words);
    }

    private static IEnumerable<SchemaDifference> DeclaredColumns(StreamTarget target, TableDescription table)
    {
        foreach (var declared in target.Schema.Columns)
        {
            var column = Find(table, declared.Name);
            if (column is null && !table.LostColumns.ContainsKey(declared.Name))
                yield return new SchemaDifference(SchemaDifferenceKind.ColumnMissing, $"column {declared.Name}", NameOf(declared.Type) ?? "a column", "none");
            else if (column is not null && declared.Type is { } type && column.Type != type)
                yield return new SchemaDifference(SchemaDifferenceKind.ColumnType, $"column {column.Name}", NameOf(type)!, Written(column));
        }
    }

    private static IEnumerable<SchemaDifference> OtherColumns(StreamTarget target, TableDescription table)
    {
        var declared = target.Schema.Columns.Where(c => c.Type is not null).Select(c => Find(table, c.Name)).ToHashSet();
        foreach (var column in table.Columns.Where(c => c.Recorded is not null && c.Recorded != c.Type && !declared.Contains(c)))
            yield return new SchemaDifference(SchemaDifferenceKind.ColumnAltered, $"column {column.Name}", $"{NameOf(column.Recorded)}, as it was made", Written(column));
        foreach (var (field, name) in table.LostColumns)
            yield return new SchemaDifference(SchemaDifferenceKind.ColumnMissing, $"column {name}", $"a column for the field '{field}', as it was before", "none: it was dropped or renamed");
    }

    private static IEnumerable<SchemaDifference> Key(StreamTarget target, TableDescription table)
    {
        if (target.Disposition == WriteDisposition.Append || target.Schema.PrimaryKey.Count == 0) yield break;
        var subject = $"primary key ({string.Join(", ", target.Schema.PrimaryKey)})";
        if (ColumnsOf(target.Schema.PrimaryKey, table, out var missing) is not { } columns)
            yield return new SchemaDifference(SchemaDifferenceKind.KeyMissing, subject, "a unique key", $"no column for the field '{missing}'");
        else if (!table.PrimaryKey.ToHashSet(StringComparer.Ordinal).SetEquals(columns) && !table.Indexes.Any(i => i.Unique && i.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(columns)))
            yield return new SchemaDifference(SchemaDifferenceKind.KeyMissing, subject, "a primary key or a unique index over these columns", table.PrimaryKey.Count == 0 ? "none" : $"the primary key ({string.Join(", ", table.PrimaryKey)})");
    }

    private static IEnumerable<SchemaDifference> Indexes(StreamTarget target, TableDescription table)
    {
        foreach (var index in target.Indexes)
        {
            var subject = $"index ({string.Join(", ", index.Columns)})";
            var expected = index.Unique ? "a unique index" : "an index";
            if (ColumnsOf(index.Columns, table, out var missing) is not { } columns)
            {
                yield return new SchemaDifference(SchemaDifferenceKind.IndexMissing, subject, expected, $"none, as the field '{missing}' has no column");
                continue;
            }
            var same = table.Indexes.Where(i => i.Columns.SequenceEqual(columns, StringComparer.Ordinal)).ToList();
            if (table.PrimaryKey.SequenceEqual(columns, StringComparer.Ordinal) || same.Exists(i => i.Unique || !index.Unique)) continue;
            yield return new SchemaDifference(SchemaDifferenceKind.IndexMissing, subject, expected, same.Count == 0 ? "none" : $"the index {same[0].Name}, which is not unique");
        }
    }

    // How wide the partitions of a range are can't be told from a table.
    private static IEnumerable<SchemaDifference> Partitioning(StreamTarget target, TableDescription table)
    {
        if (target.Partitioning is not { } declared) yield break;
        var expected = Words(declared with { Column = Find(table, declared.Column)?.Name ?? declared.Column });
        var found = table.Partitioning is { } real ? Words(real) : "a table without partitions; a table can't be partitioned afterwards: make it anew";
        if (!string.Equals(expected, found, StringComparison.Ordinal))
            yield return new SchemaDifference(SchemaDifferenceKind.Partitioning, "partitions", expected, found);
    }

    private static string Words(TablePartitioning partitioning) => $"by {partitioning.Kind.ToString().ToLowerInvariant()} of {partitioning.Column}";

    // A table that no stream has written yet has no map: names are what they are.
    private static ColumnDescription? Find(TableDescription table, string field) =>
        table.Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal))
        ?? table.Columns.FirstOrDefault(c => c.Field is null && string.Equals(c.Name, field, StringComparison.Ordinal));

    private static List<string>? ColumnsOf(IReadOnlyList<string> fields, TableDescription table, out string? missing)
    {
        missing = fields.FirstOrDefault(f => Find(table, f) is null);
        return missing is null ? [.. fields.Select(f => Find(table, f)!.Name)] : null;
    }

    // A column of SQLite may be declared without a type.
    private static string Written(ColumnDescription column) => column.SqlType.Length == 0 ? "no type" : column.SqlType;

    private static string? NameOf(ColumnType? type) => type?.ToString().ToLowerInvariant();
}
