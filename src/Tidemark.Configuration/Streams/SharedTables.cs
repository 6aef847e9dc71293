using Tidemark.Configuration.Shapes;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Runs;

namespace Tidemark.Configuration.Streams;

/// <summary>Several streams may write one table, if they agree on what a row is and none of them removes what another one wrote.</summary>
/// <param name="problems">Where problems go.</param>
internal sealed class SharedTables(ConfigProblems problems)
{
    private readonly Dictionary<(string Destination, string Table), StreamDefinition> _first = [];

    /// <summary>Compares a stream with the first one on its table.</summary>
    /// <param name="name">The stream's name.</param>
    /// <param name="node">The stream as it was written.</param>
    /// <param name="stream">The stream as it was read.</param>
    /// <param name="destination">Its destination.</param>
    public void Check(ScalarNode name, MappingNode node, StreamDefinition stream, string destination)
    {
        var table = stream.Table ?? stream.Name;
        if (_first.TryAdd((destination, table), stream)) return;
        var other = _first[(destination, table)];
        var at = node["table"]?.Location ?? name.Location;
        if (Difference(stream, other) is { } difference)
            problems.Add(at, $"the streams '{other.Name}' and '{stream.Name}' both write the table '{table}', but differ in {difference}; make them equal, or give each a table of its own");
        else if (new[] { other, stream }.FirstOrDefault(RemovesRows) is { } remover)
            problems.Add(at, $"the streams '{other.Name}' and '{stream.Name}' both write the table '{table}', and '{remover.Name}' would remove the other one's rows (replace, deletions); give each a table of its own");
    }

    private static string? Difference(StreamDefinition a, StreamDefinition b)
    {
        if (!a.PrimaryKey.SequenceEqual(b.PrimaryKey, StringComparer.Ordinal)) return "primary_key";
        if (StreamRules.DispositionOf(a) != StreamRules.DispositionOf(b)) return "write_disposition";
        if (!string.Equals(a.Incremental?.CursorField, b.Incremental?.CursorField, StringComparison.Ordinal)) return "cursor_field";
        if (a.Nested != b.Nested) return "nested";
        if (a.SchemaContract != b.SchemaContract) return "schema_contract";
        if (a.Partitioning != b.Partitioning) return "partition_by";
        return ColumnsOf(a).SequenceEqual(ColumnsOf(b), StringComparer.Ordinal) ? null : "columns";
    }

    private static IEnumerable<string> ColumnsOf(StreamDefinition stream) =>
        stream.Columns.Select(c => $"{c.Name} {c.Path} {c.Type}").Order(StringComparer.Ordinal);

    private static bool RemovesRows(StreamDefinition stream) =>
        StreamRules.DispositionOf(stream) == WriteDisposition.Replace || stream.Deletions != Deletions.Ignore;
}
