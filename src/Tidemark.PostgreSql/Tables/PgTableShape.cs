using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A table as the catalog describes it.</summary>
/// <param name="Oid">Its number in the catalog.</param>
/// <param name="PartitionStrategy">How it is partitioned: <c>l</c>ist, <c>r</c>ange, <c>h</c>ash; null: it is not.</param>
/// <param name="PartitionColumns">By which columns; an empty name stands for an expression.</param>
/// <param name="HasDeferredConstraints">True if a constraint from or to it is checked at the end of a transaction only.</param>
/// <param name="HasRowSecurity">True if row-level security is active for this user.</param>
/// <param name="HighestNumber">The highest number of a column, dropped ones included: they count towards the limit.</param>
/// <param name="Mark">Differs whenever a column was added, dropped or altered, a partition came or went, or the name has become another table's.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Indexes">Its indexes; partial ones and those with expressions excepted.</param>
internal sealed record PgTableShape(
    long Oid, string? PartitionStrategy, IReadOnlyList<string> PartitionColumns, bool HasDeferredConstraints, bool HasRowSecurity, int HighestNumber, string Mark,
    IReadOnlyList<PgShapeColumn> Columns, IReadOnlyList<ShapeIndex> Indexes)
{
    private const string TableSql =
        """
        SELECT c.oid::bigint, c.relkind::text, EXISTS(SELECT FROM pg_constraint k WHERE (k.conrelid = c.oid OR k.confrelid = c.oid) AND k.condeferred), c.relnatts::int,
            p.partstrat::text, ARRAY(
                SELECT coalesce(a.attname::text, '') FROM unnest(p.partattrs::int2[]) WITH ORDINALITY AS k(number, place)
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0 ORDER BY k.place),
            row_security_active(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    // An identity column has no default in the catalog: its sequence stands for it.
    private const string ColumnsSql =
        """
        SELECT a.attnum::int, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '', a.attidentity = 'a',
            CASE WHEN a.attgenerated <> '' THEN NULL
                WHEN a.attidentity <> '' THEN format('nextval(%L::regclass)', pg_get_serial_sequence(a.attrelid::regclass::text, a.attname))
                ELSE pg_get_expr(d.adbin, d.adrelid) END,
            (WITH RECURSIVE b AS (
                SELECT typtype, typbasetype, typtypmod FROM pg_type WHERE oid = a.atttypid
                UNION ALL SELECT t.typtype, t.typbasetype, t.typtypmod FROM b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
            SELECT format_type(b.typbasetype, b.typtypmod) FROM b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd' AND t.typtype <> 'd')
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    private const string IndexesSql =
        """
        SELECT c.relname::text, i.indisprimary, i.indisunique, i.indimmediate, m.amname::text, ARRAY(
            SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE k.place <= i.indnkeyatts ORDER BY k.place)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
        WHERE i.indrelid = $1::bigint::oid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid ORDER BY c.relname
        """;

    /// <summary>Reads it; null if there is no such table.</summary>
    /// <exception cref="DestinationException">There is something else of that name.</exception>
    public static async Task<PgTableShape?> ReadAsync(Session session, TableName name, CancellationToken cancellationToken)
    {
        if (await session.RowsAsync(TableSql, cancellationToken, name.Schema, name.Name) is not [var table]) return null;
        if (KindOf((string)table[1]!) is { } kind)
            throw new DestinationException(DestinationFault.Fatal, $"found a {kind} '{name}', expected a table: name another table, or drop the {kind}");
        var oid = (long)table[0]!;
        // The mark first: whatever changes while the rest is read will be noticed.
        var mark = await session.ScalarAsync(MarkSql(name, table[4] is not null), cancellationToken) as string ?? "";
        var columns = await session.RowsAsync(ColumnsSql, cancellationToken, oid);
        var indexes = await session.RowsAsync(IndexesSql, cancellationToken, oid);
        return new PgTableShape(
            oid, (string?)table[4], (string[])table[5]!, table[2] is true, table[6] is true, (int)table[3]!, mark,
            columns.ConvertAll(c => new PgShapeColumn((int)c[0]!, (string)c[1]!, (string)c[2]!, c[3] is true, c[4] is true, c[5] is true, (string?)c[6], (string?)c[7])),
            indexes.ConvertAll(i => new ShapeIndex((string)i[0]!, (string[])i[5]!, i[1] is true, i[2] is true, i[3] is true, (string)i[4]!)));
    }

    /// <summary>
    /// Reads the mark of a table of this name as it is now, and keeps anybody from altering it until the end of the transaction: no values reach a column
    /// that has become another one. One round trip.
    /// </summary>
    public async Task<bool> IsCurrentAsync(Session session, TableName name, CancellationToken cancellationToken)
    {
        session.Defer(LockSql(name));
        return string.Equals(await session.ScalarAsync(MarkSql(name), cancellationToken) as string, Mark, StringComparison.Ordinal);
    }

    /// <summary>Keeps anybody from altering a table until the end of the transaction.</summary>
    public static string LockSql(TableName name) => $"LOCK TABLE ONLY {name.Quoted} IN ACCESS SHARE MODE";

    /// <summary>Asks for the mark of a table of this name as it is now.</summary>
    public string MarkSql(TableName name) => MarkSql(name, PartitionStrategy is not null);

    /// <summary>The column of a name; null: none.</summary>
    public PgShapeColumn? Find(string column) => Columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.Ordinal));

    // Every change of a column writes its row in the catalog anew, in a transaction of another number.
    private static string MarkSql(TableName name, bool isPartitioned)
    {
        var oid = $"to_regclass({PgSql.Literal(name.Quoted)})";
        var partitions = isPartitioned ? $"(SELECT count(*) || ' ' || coalesce(sum(inhrelid::bigint), 0) FROM pg_inherits WHERE inhparent = {oid})" : "''";
        return $"SELECT {oid}::oid || ' ' || string_agg(xmin::text, ' ' ORDER BY attnum) || ' ' || {partitions} FROM pg_attribute WHERE attrelid = {oid} AND attnum > 0";
    }

    private static string? KindOf(string kind) => kind switch
    {
        "r" or "p" => null,
        "v" => "view",
        "m" => "materialized view",
        "f" => "foreign table",
        "S" => "sequence",
        "c" => "composite type",
        _ => "index",
    };
}
