using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>Gives columns of ours other types.</summary>
internal static class ColumnWidener
{
    private const string ViewsSql =
        """
        SELECT DISTINCT a.attname::text, format('%I.%I', n.nspname, v.relname), v.relkind::text
        FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace n ON n.oid = v.relnamespace
            JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::bigint::oid AND v.oid <> d.refobjid AND a.attname = ANY($2::text[])
        ORDER BY 1, 2
        """;

    /// <summary>What has to become wider; whole numbers become doubles only if all that are stored stay what they are.</summary>
    /// <exception cref="DestinationException">A column can never hold what is declared.</exception>
    public static async Task<List<ColumnChange>> ChangesForAsync(
        Session session, TableName name, IReadOnlyDictionary<string, PgColumn> fields, IReadOnlyList<PgArrival> arrivals, SchemaContract contract, CancellationToken cancellationToken)
    {
        var changes = new List<ColumnChange>();
        foreach (var arrival in arrivals)
        {
            if (!fields.TryGetValue(arrival.Field, out var column) || Widening.TypeFor(column, arrival) is not { } type || type == column.Type) continue;
            if (contract == SchemaContract.Evolve && (column.Type, type) == (ColumnType.Bigint, ColumnType.Double)
                && await session.ScalarAsync(Widening.ExceedsDoubleSql(name, PgSql.Quote(column.Name)), cancellationToken) is true)
                type = ColumnType.Decimal;
            if (arrival.IsDeclared && type == ColumnType.Text && arrival.Type != ColumnType.Text)
                throw new DestinationException(DestinationFault.Fatal,
                    $"the column '{column.Name}' of the table '{name}' is {column.SqlType}, but '{arrival.Field}' is declared as {SqlTypes.NameOf(arrival.Type!.Value)}: alter the column, or declare {column.SqlType}");
            changes.Add(new ColumnChange(arrival, column, type));
        }
        return changes;
    }

    /// <summary>Alters all columns in one statement, which writes the table anew at most once.</summary>
    /// <param name="session">The connection, in a transaction.</param>
    /// <param name="name">The table.</param>
    /// <param name="shape">The table as it is.</param>
    /// <param name="changes">The columns, with the types that they get.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">Something that depends on a column is in the way.</exception>
    public static async Task RunAsync(Session session, TableName name, PgTableShape shape, IReadOnlyList<ColumnChange> changes, CancellationToken cancellationToken)
    {
        var views = await session.RowsAsync(ViewsSql, cancellationToken, shape.Oid, changes.Select(c => c.Column.Name).ToArray());
        if (views.Count > 0)
        {
            var (_, column, to) = changes.First(c => string.Equals(c.Column.Name, (string)views[0][0]!, StringComparison.Ordinal));
            var uses = string.Join(", ", views.Where(v => Equals(v[0], column.Name)).Select(v => $"the {((string)v[2]! == "m" ? "materialized view" : "view")} {v[1]}"));
            throw new DestinationException(DestinationFault.Fatal,
                $"{Needs(name, column, to)}, but PostgreSQL alters no column that a view uses, and {uses} uses this one: drop the view, run again, then create it anew; {Declare(column)}");
        }
        var actions = changes.Select(c => $"ALTER COLUMN {PgSql.Quote(c.Column.Name)} TYPE {SqlTypes.NameOf(c.To)} USING {Widening.Expression(PgSql.Quote(c.Column.Name), c.Column.Type!.Value, c.To)}");
        await TableDdl.RunAsync(
            session, $"ALTER TABLE {name.Quoted} {string.Join(", ", actions)}",
            e => $"{string.Join("; ", changes.Select(c => Needs(name, c.Column, c.To)))}, but this does not work: {e.Message}. Take out of the way what depends on it and run again; {Declare(changes[0].Column)}",
            cancellationToken);
    }

    private static string Needs(TableName name, PgColumn column, ColumnType to) =>
        $"the column '{column.Name}' of the table '{name}' is {column.SqlType} and has to become {SqlTypes.NameOf(to)} for what arrives";

    private static string Declare(PgColumn column) => $"or declare '{column.Name}' as {column.SqlType} in the configuration, so that what does not fit is refused";
}
