using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A table as it really is, for those who compare it with what is declared.</summary>
internal static class TableDescriber
{
    /// <summary>Reads it, and changes nothing; null if there is no such table.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="schema">The destination's schema: that of the tables of ours, and of tables that name none.</param>
    /// <param name="target">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">There is something else of that name.</exception>
    public static async Task<TableDescription?> DescribeAsync(Session session, string schema, StreamTarget target, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(target.Table, schema);
        if (await PgTableShape.ReadAsync(session, name, cancellationToken) is not { } shape) return null;
        var map = new PgColumnMap(session, schema, name);
        var fields = await map.ExistsAsync(cancellationToken) ? (await map.ReadAsync(cancellationToken)).ToDictionary(m => m.Column, StringComparer.Ordinal) : [];
        var columns = shape.Columns.Select(c =>
        {
            var (field, _, recorded) = fields.GetValueOrDefault(c.Name);
            return new ColumnDescription(c.Name, c.SqlType, SqlTypes.TypeOf(c.SqlType), !c.NotNull, field, recorded);
        });
        return new TableDescription(
            name.ToString(), [.. columns], shape.Indexes.FirstOrDefault(i => i.IsPrimary)?.Columns ?? [],
            [.. shape.Indexes.Where(i => !i.IsPrimary).Select(i => new IndexDescription(i.Name, i.Columns, i.IsUnique))],
            (long)(await session.ScalarAsync($"SELECT count(*) FROM {name.Quoted}", cancellationToken))!)
        {
            LostColumns = fields.Values.Where(f => shape.Find(f.Column) is null).ToDictionary(f => f.Field, f => f.Column, StringComparer.Ordinal),
            Partitioning = PartitioningOf(shape),
        };
    }

    // Partitions by hash, by expressions or by several columns are not ours: the name of such a column equals none that is declared.
    private static TablePartitioning? PartitioningOf(PgTableShape shape) => shape.PartitionStrategy is { } strategy
        ? new TablePartitioning(
            (strategy is "h" ? "a hash of " : "") + string.Join(", ", shape.PartitionColumns.Select(c => c.Length == 0 ? "an expression" : c)),
            strategy is "l" ? PartitionKind.List : PartitionKind.Range)
        : null;
}
