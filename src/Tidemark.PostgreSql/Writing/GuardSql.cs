using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>The condition that a record is older than the stored row, by the cursor; never NULL. What can't be compared is not older.</summary>
internal static class GuardSql
{
    // As IsoTime and decimal.TryParse read them. The month's days are looked at apart from that, for a cast of February 30 is an error.
    private const string Time = @"^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ]([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d+)?)?([Zz]|[+-](0\d|1[0-8])(:?[0-5]\d)?)?)?$";
    private const string Number = @"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?0*\d{1,2})?\s*$";
    private const string LargestNumber = "79228162514264337593543950335";

    /// <summary>The condition.</summary>
    /// <param name="value">The record's cursor, as it is assigned.</param>
    /// <param name="stored">The row's.</param>
    /// <param name="column">Their column.</param>
    public static string IsOlder(string value, string stored, PgColumn column)
    {
        if (ColumnSql.IsOrdered(column)) return $"coalesce({value} < {stored}, false)";
        var (a, b) = column.Type == ColumnType.Json ? ($"({value} #>> '{{}}')", $"({stored} #>> '{{}}')") : ($"({value})::text", $"({stored})::text");
        return $"CASE WHEN {value} IS NULL OR {stored} IS NULL OR {a} = {b} COLLATE \"C\" OR {Kind(a)} <> {Kind(b)} THEN false"
            + $" ELSE CASE {Kind(a)} WHEN 1 THEN {Seconds(a)} < {Seconds(b)} WHEN 2 THEN {a}::numeric < {b}::numeric ELSE {a} < {b} COLLATE \"C\" END END";
    }

    private static string Kind(string text) =>
        $"CASE WHEN {text} ~ {Native.PgSql.Literal(Time)} THEN CASE WHEN {Part(text, 9)} <= extract(day FROM (left({text}, 7) || '-01')::date + interval '1 month - 1 day') THEN 1 ELSE 3 END"
        + $" WHEN {text} ~ {Native.PgSql.Literal(Number)} THEN CASE WHEN abs({text}::numeric) <= {LargestNumber} THEN 2 ELSE 3 END ELSE 3 END";

    // Since 1970. PostgreSQL's own types take no offset beyond 15:59 and no more than six decimals.
    private static string Seconds(string text)
    {
        var fraction = $"coalesce(('0.' || substring({text} FROM '^.{{19}}[.,](\\d{{1,9}})'))::numeric, 0)";
        var offset = $"substring({text} FROM '^.{{11}}.*([+-]\\d\\d:?(\\d\\d)?)$')";
        var minutes = $"(left({offset}, 3)::int * 60 + coalesce((left({offset}, 1) || nullif(right(replace({offset}, ':', ''), -3), ''))::int, 0))";
        return $"((left({text}, 10)::date - date '1970-01-01') * 86400::numeric + coalesce({Part(text, 12)}, 0) * 3600 + coalesce({Part(text, 15)}, 0) * 60"
            + $" + CASE WHEN substr({text}, 17, 1) = ':' THEN {Part(text, 18)} ELSE 0 END + {fraction} - coalesce({minutes}, 0) * 60)";
    }

    private static string Part(string text, int at) => $"nullif(substr({text}, {at}, 2), '')::int";
}
