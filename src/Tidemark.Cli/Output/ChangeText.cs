using Tidemark.Destinations;

namespace Tidemark.Cli.Output;

/// <summary>The changes of a stream's tables for people: a line each, a new table in one.</summary>
internal static class ChangeText
{
    private const int MostLines = 20;
    private const int MostPartitions = 3;

    public static IReadOnlyList<string> Lines(IReadOnlyList<SchemaChange> changes)
    {
        var made = changes.Where(c => c.Kind == SchemaChangeKind.TableCreated).Select(c => c.Table).ToHashSet(StringComparer.Ordinal);
        var partitions = changes.Count(c => c.Kind == SchemaChangeKind.PartitionCreated);
        // The columns of a table that this run has made belong to its one line, whichever batch brought them.
        var lines = changes
            .Where(c => !(c.Kind is SchemaChangeKind.ColumnAdded or SchemaChangeKind.ColumnWidened && made.Contains(c.Table)))
            .Where(c => c.Kind != SchemaChangeKind.PartitionCreated || partitions <= MostPartitions)
            .Select(c => Line(c, c.Count + changes.LongCount(a => a.Kind == SchemaChangeKind.ColumnAdded && string.Equals(a.Table, c.Table, StringComparison.Ordinal))))
            .ToList();
        if (partitions > MostPartitions) lines.Add($"+ {Terminal.Number(partitions)} partitions");
        return lines.Count <= MostLines ? lines : [.. lines.Take(MostLines - 1), $"and {lines.Count - MostLines + 1} more changes: --json has them all"];
    }

    private static string Line(SchemaChange change, long columns) => change.Kind switch
    {
        SchemaChangeKind.TableCreated => $"+ table {change.Table} ({Counted.Of(columns, "column")})",
        SchemaChangeKind.ColumnAdded => $"+ column {change.Column} ({Type(change.To)})",
        SchemaChangeKind.ColumnWidened => $"~ {change.Column} {Type(change.From)} {(Terminal.IsUtf8 ? "→" : "->")} {Type(change.To)}",
        SchemaChangeKind.IndexCreated => $"+ index {change.To}",
        SchemaChangeKind.PartitionCreated => $"+ partition {change.To}",
        _ => $"- field {change.Column}: {Counted.Of(change.Count, "value")} left out, as the table has no column for it",
    };

    // A column of SQLite may be declared without a type.
    private static string Type(string? type) => string.IsNullOrEmpty(type) ? "no type" : type;
}
