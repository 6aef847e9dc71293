using Tidemark.Destinations;

namespace Tidemark.Cli.Output;

/// <summary>A table beside its declaration, for people: its columns, key and indexes, then the differences.</summary>
internal static class VerifyText
{
    public static IEnumerable<string> Lines(Verified verified)
    {
        if (verified.Error is { } error)
        {
            yield return $"{verified.Target.Stream}: {error}";
            yield break;
        }
        var state = verified.Differences.Count switch { 0 => "as declared", 1 => "1 difference", var many => $"{many} differences" };
        yield return verified.Table is { } there
            ? $"{verified.Target.Stream}: {state}; table {there.Table}, {Terminal.Number(there.Rows)} {(there.Rows == 1 ? "row" : "rows")}"
            : $"{verified.Target.Stream}: {state}";
        foreach (var line in verified.Table is { } table ? Describe(table) : []) yield return "  " + line;
        foreach (var difference in verified.Differences) yield return $"  - {difference}";
    }

    private static IEnumerable<string> Describe(TableDescription table)
    {
        var name = table.Columns.Select(c => c.Name.Length).DefaultIfEmpty(0).Max();
        var type = table.Columns.Select(c => c.SqlType.Length).DefaultIfEmpty(0).Max();
        foreach (var column in table.Columns)
            yield return $"{column.Name.PadRight(name)}   {column.SqlType.PadRight(type)}   {string.Join(", ", Notes(column, table))}".TrimEnd();
        foreach (var index in table.Indexes)
            yield return $"{(index.Unique ? "unique index" : "index")} {index.Name} ({string.Join(", ", index.Columns)})";
        if (table.Partitioning is { } partitioning)
            yield return $"partitioned by {partitioning.Kind.ToString().ToLowerInvariant()} of {partitioning.Column}";
    }

    private static IEnumerable<string> Notes(ColumnDescription column, TableDescription table)
    {
        if (table.PrimaryKey.Contains(column.Name, StringComparer.Ordinal)) yield return "primary key";
        else if (!column.Nullable) yield return "not null";
        if (column.Field is { } field && !string.Equals(field, column.Name, StringComparison.Ordinal)) yield return $"field {field}";
    }
}
