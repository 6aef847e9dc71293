using Npgsql;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>Makes the indexes that a table has to have; an index of another name that does the same counts.</summary>
internal static class TableIndexes
{
    /// <summary>The indexes that are not there, of those whose columns are: the key of a table that somebody else made, and the declared ones.</summary>
    /// <exception cref="DestinationException">The key is that of a deferrable constraint.</exception>
    public static IEnumerable<MissingIndex> MissingFrom(TableName name, PgTableShape shape, TablePlan plan, IReadOnlyDictionary<string, PgColumn> fields)
    {
        if (plan.KeyFields.Count > 0 && plan.KeyFields.All(fields.ContainsKey))
        {
            var key = ColumnsOf(plan.KeyFields, fields);
            var unique = shape.Indexes.Where(i => i.MakesUnique(key)).ToList();
            // Another index would not help: PostgreSQL looks at all that are over these columns.
            if (unique.Find(i => !i.IsImmediate) is { } deferrable)
                throw new DestinationException(DestinationFault.Fatal,
                    $"the primary key {string.Join(", ", key)} of the table '{name}' is unique by the constraint '{deferrable.Name}', which is DEFERRABLE: PostgreSQL can't merge rows by such a key; drop it and add it again without that word");
            if (unique.Count == 0) yield return new MissingIndex(key, IsUnique: true, IsKey: true);
        }
        foreach (var index in plan.Indexes.Where(i => i.Columns.All(fields.ContainsKey)))
        {
            var columns = ColumnsOf(index.Columns, fields);
            if (!shape.Indexes.Any(i => i.Serves(columns, index.Unique))) yield return new MissingIndex(columns, index.Unique, IsKey: false);
        }
    }

    /// <summary>Makes one: a declared one under the name that PostgreSQL chooses.</summary>
    /// <exception cref="DestinationException">Rows are in the way, or the type of a column.</exception>
    public static Task MakeAsync(Session session, TableName name, MissingIndex index, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", index.Columns);
        var sql = index switch
        {
            { IsKey: true } => $"CREATE UNIQUE INDEX {PgSql.Quote("_tidemark_key_" + StableHash.Of(name.Name, string.Join('\0', index.Columns)))} ON {name.Quoted} ({PgSql.List(index.Columns)})",
            { IsUnique: true } => $"ALTER TABLE {name.Quoted} ADD UNIQUE ({PgSql.List(index.Columns)})",
            _ => $"CREATE INDEX ON {name.Quoted} ({PgSql.List(index.Columns)})",
        };
        var (purpose, advice) = index.IsKey ? ("which is to be its primary key", "name another primary_key") : ("which a declared index is to make unique", "take unique out of it");
        return TableDdl.RunAsync(session, sql, e => e.State == PgError.UniqueViolation
            ? $"the table '{name}' has several rows with the same {columns}, {purpose}{Example(e)}: remove the extra rows, or {advice}"
            : $"the table '{name}' can't get an index over {columns}, {(index.IsKey ? purpose : "which is declared")}: {e.Message}", cancellationToken);
    }

    private static List<string> ColumnsOf(IReadOnlyList<string> names, IReadOnlyDictionary<string, PgColumn> fields) => [.. names.Select(f => fields[f].Name)];

    private static string Example(PgError e) => (e.InnerException as PostgresException)?.Detail is { Length: > 0 } detail ? $" ({detail.TrimEnd('.')})" : "";
}
