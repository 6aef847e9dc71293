using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>A look at the newest rows of a table.</summary>
internal static class PgNewestRows
{
    /// <summary>Reads them: by the cursor column where there is one, else by their place in the table, which is the order of insertion as far as PostgreSQL keeps one.</summary>
    public static async Task<TableSample> ReadAsync(Session session, string server, string schema, StreamTarget target, int limit, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(target.Table, schema);
        var shape = await PgTableShape.ReadAsync(session, name, cancellationToken)
            ?? throw new DestinationException(DestinationFault.Fatal, $"the table '{name}' does not exist in {server} yet: run the stream first");
        var map = await OurTables.AreThereAsync(session, schema, cancellationToken) ? await new PgColumnMap(session, schema, name).ReadAsync(cancellationToken) : [];
        var columns = shape.Columns.Where(c => !PgColumnMap.IsOurs(c.Name)).ToList();
        var cursor = target.CursorField is null ? null : shape.Find(map.Find(m => string.Equals(m.Field, target.CursorField, StringComparison.Ordinal)).Column ?? target.CursorField)?.Name;
        var order = cursor is null ? "ctid DESC" : $"{PgSql.Quote(cursor)} DESC NULLS LAST";
        var rows = columns.Count == 0 ? [] : await session.RowsAsync(
            $"SELECT {string.Join(", ", columns.Select(c => Shown(PgSql.Quote(c.Name), c.SqlType)))} FROM {name.Quoted} ORDER BY {order} LIMIT $1", cancellationToken, limit);
        var total = (long)(await session.ScalarAsync($"SELECT count(*) FROM {name.Quoted}", cancellationToken))!;
        return new TableSample([.. columns.Select(c => c.Name)], [.. rows.Select(r => (IReadOnlyList<object?>)r)], total);
    }

    private static string Shown(string column, string sqlType) => sqlType switch
    {
        "boolean" or "bytea" or "bigint" or "double precision" => column,
        "smallint" or "integer" => $"{column}::bigint",
        _ when SqlTypes.TypeOf(sqlType) is ColumnType.Timestamp or ColumnType.Date => Widening.Expression(column, SqlTypes.TypeOf(sqlType)!.Value, ColumnType.Text),
        _ => $"{column}::text",
    };
}
