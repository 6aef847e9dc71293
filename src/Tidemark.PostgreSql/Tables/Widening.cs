using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>How columns of ours become wider without losing anything.</summary>
internal static class Widening
{
    private const string LargestInDouble = "9007199254740992";

    /// <summary>The type that a column must have to take what arrives.</summary>
    /// <param name="column">The column.</param>
    /// <param name="arrival">What arrives.</param>
    /// <returns>The column's own type if it can stay as it is; double for one of whole numbers only if a double holds all that are stored.</returns>
    public static ColumnType? TypeFor(PgColumn column, PgArrival arrival)
    {
        // PostgreSQL itself decides what goes into a column that somebody else made.
        if (column.Adopted || column.Type is not { } stored || arrival.Type is not { } arriving || stored == arriving) return column.Type;
        var exactInDouble = (arrival.Seen & (CellKinds.LargeInteger | CellKinds.Decimal)) == CellKinds.None;
        return (stored, arriving) switch
        {
            (ColumnType.Double, ColumnType.Bigint) when exactInDouble => stored,
            (ColumnType.Bigint, ColumnType.Double) when exactInDouble => ColumnType.Double,
            _ => ColumnTypes.Widen(stored, arriving),
        };
    }

    /// <summary>A query that answers true if a column of whole numbers holds one that no double does.</summary>
    public static string ExceedsDoubleSql(TableName table, string column) =>
        $"SELECT EXISTS(SELECT FROM {table.Quoted} WHERE {column} NOT BETWEEN -{LargestInDouble} AND {LargestInDouble})";

    /// <summary>What a stored value becomes: the same number, or the text that JSON and the engine have for it.</summary>
    /// <param name="column">The quoted column.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type that it gets.</param>
    public static string Expression(string column, ColumnType from, ColumnType to) => (from, to) switch
    {
        // A cast from double to numeric keeps 15 digits; the text has all.
        (ColumnType.Double, ColumnType.Decimal) => $"{column}::text::numeric",
        (_, not ColumnType.Text) => $"{column}::{SqlTypes.NameOf(to)}",
        // The engine writes numbers below 1e17 without an exponent, PostgreSQL those below 1e15.
        (ColumnType.Double, _) => $"CASE WHEN abs({column}) >= 1e15 AND abs({column}) < 1e17 THEN {column}::text::numeric::text ELSE replace({column}::text, 'e', 'E') END",
        (ColumnType.Bytes, _) => $"translate(encode({column}, 'base64'), E'\\n', '')",
        // The text of infinity is all that there is of it; so is that of a day after the last point in time that PostgreSQL knows.
        (ColumnType.Date, _) =>
            $"CASE WHEN isfinite({column}) AND {column} <= '294276-12-31' THEN to_char({column}, 'YYYY-MM-DD') || CASE WHEN {column} < '0001-01-01' THEN ' BC' ELSE '' END ELSE {column}::text END",
        (ColumnType.Timestamp, _) =>
            $"CASE WHEN isfinite({column}) THEN rtrim(rtrim(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.') || CASE WHEN {column} < '0001-01-01 00:00:00+00' THEN 'Z BC' ELSE 'Z' END ELSE {column}::text END",
        _ => $"{column}::text",
    };
}
