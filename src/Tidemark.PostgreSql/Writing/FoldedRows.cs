using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Records of a call as rows of a table: those of one key folded, fields as columns, with the statements that write them. Owned by one task.</summary>
/// <param name="table">The table; it has a column for each value that comes.</param>
/// <param name="options">How.</param>
internal sealed class FoldedRows(PgTable table, RowOptions options) : IDisposable
{
    private PgColumn? _cursor;
    private RowSql? _sql;
    private int _version = -1;

    /// <summary>The folded records, valid until the next call.</summary>
    public KeyFold Of { get; } = new();

    /// <summary>The columns of the primary key; empty: each record is a new row.</summary>
    public IReadOnlyList<PgColumn> Key { get; private set; } = [];

    /// <summary>Folds some records of a batch.</summary>
    public void Fold(RecordBatch batch, int start, int count)
    {
        if (_version != table.Version) Renew();
        BatchColumn? Source(string field) => batch.Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal));
        var parts = new KeyPart[Key.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var source = Source(options.KeyFields[i])
                ?? throw new DestinationException(DestinationFault.Record, $"no record has a value in '{options.KeyFields[i]}', which is part of the primary key");
            parts[i] = new KeyPart(source, ColumnSql.IsWhole(Key[i]) ? ColumnType.Bigint : Key[i].Type);
        }
        var cursor = options.CursorField is null ? null : Source(options.CursorField);
        Of.Fold(batch, start, count, parts, new VersionOrder(cursor, _cursor is not null && cursor is not null, options.CompareCursors));
    }

    /// <summary>The columns that the rows of a round carry, and the statements that write these.</summary>
    public (RowLayout Layout, RowSql Sql) Round(RecordBatch batch, int round)
    {
        var layout = RowLayout.Of(batch, table, Key, Of, round);
        if (_sql is null || !IsFor(_sql, layout)) _sql = new RowSql(table.Name, [.. layout.Columns], Key, _cursor, table.Has(PgColumn.DeletedAt), table.IsPartitioned);
        return (layout, _sql);
    }

    public void Dispose() => Of.Dispose();

    private void Renew()
    {
        Key = options.KeyFields.Count == 0 ? [] : table.Key;
        _cursor = options.IgnoreStored || options.CursorField is null ? null : table.Fields.GetValueOrDefault(options.CursorField);
        _sql = null;
        _version = table.Version;
    }

    private static bool IsFor(RowSql sql, RowLayout layout)
    {
        if (sql.Columns.Count != layout.Columns.Length) return false;
        for (var i = 0; i < layout.Columns.Length; i++)
        {
            if (sql.Columns[i].Target != layout.Columns[i].Target || sql.Columns[i].IsMixed != layout.Columns[i].IsMixed) return false;
        }
        return true;
    }
}
