using System.Globalization;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>
/// What columns need in SQL. A column of one of our types has the same type in the stage. One of any other type is text there: where it is read it becomes that type by
/// PostgreSQL's own input. Of varchar, char and bit strings an explicit cast would cut off what is too long: they stay without a length until they are assigned.
/// </summary>
internal static class ColumnSql
{
    private const string Varchar = "character varying";
    private const string Char = "character";
    private const string List = "[]";

    /// <summary>The type in the stage.</summary>
    public static string StageType(PgColumn column) => column.Type is null ? "text" : column.SqlType;

    /// <summary>The value of a stage's column <paramref name="staged"/>, as it is assigned.</summary>
    public static string Value(string staged, PgColumn column)
    {
        if (column.Type is not null || IsTextLike(column)) return staged;
        var type = CastTo(column);
        if (!TypeOf(column).EndsWith(List, StringComparison.Ordinal)) return $"{staged}::{type}";
        // A JSON list becomes the array that it is.
        var elements = $"SELECT coalesce(array_agg(e.v ORDER BY e.n), '{{}}') FROM jsonb_array_elements_text({staged}::jsonb) WITH ORDINALITY AS e(v, n)";
        return $"CASE WHEN {staged} LIKE '[%' AND {staged} NOT LIKE '[%]=%' THEN ({elements})::{type} ELSE {staged}::{type} END";
    }

    /// <summary>The value of a stage's column that holds the text of a value of any type, one of ours included.</summary>
    public static string ValueOfText(string staged, PgColumn column) => column.Type switch
    {
        null => Value(staged, column),
        ColumnType.Text => staged,
        ColumnType.Bytes => $"decode({staged}, 'base64')",
        _ => $"{staged}::{column.SqlType}",
    };

    /// <summary>True where a stored value is another one than what storing <paramref name="value"/> would make.</summary>
    public static string Differs(string stored, string value, PgColumn column)
    {
        if (column.Type is ColumnType.Text) return $"{stored} COLLATE \"C\" IS DISTINCT FROM {value}";
        if (column.Type is not null || IsComparable(column)) return $"{stored} IS DISTINCT FROM {value}";
        // Texts of char are without the spaces at their end.
        if (!IsTextLike(column) && TypeOf(column).EndsWith(List, StringComparison.Ordinal)) return $"{stored}::text[] IS DISTINCT FROM {value}::text[]";
        if (!IsTextLike(column)) return $"{stored}::text IS DISTINCT FROM {value}::text";
        if (IsChar(column)) return $"{stored} COLLATE \"C\" IS DISTINCT FROM {value}::bpchar";
        // Spaces beyond the limit are dropped when they are stored; anything else there is an error, and must not look equal.
        return LimitOf(column) is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{stored} COLLATE \"C\" IS DISTINCT FROM CASE WHEN length(rtrim({value}, ' ')) <= {limit} THEN left({value}, {limit}) ELSE {value} END")
            : $"{stored} COLLATE \"C\" IS DISTINCT FROM {value}";
    }

    /// <summary>A value as it is compared with a key.</summary>
    public static string Key(string value, PgColumn column) => IsChar(column) ? $"{value}::bpchar" : value;

    /// <summary>A value as keys are put in order, always in the same one.</summary>
    public static string Order(string value, PgColumn column) => column.Type == ColumnType.Text || IsTextLike(column) ? $"{value} COLLATE \"C\"" : value;

    /// <summary>True if values of different text can be one and the same in the column, in a way that only PostgreSQL knows.</summary>
    public static bool HasOwnEquality(PgColumn column) => column.Type is ColumnType.Json or ColumnType.Bytes
        || (column.Type is null && !IsWhole(column) && !column.SqlType.StartsWith(Varchar, StringComparison.Ordinal));

    /// <summary>True for smallint and integer.</summary>
    public static bool IsWhole(PgColumn column) => column.SqlType is "smallint" or "integer";

    /// <summary>True if two values can be compared as what they are.</summary>
    public static bool IsOrdered(PgColumn column) =>
        column.Type is ColumnType.Bigint or ColumnType.Decimal or ColumnType.Double or ColumnType.Timestamp or ColumnType.Date || (column.Type is null && IsComparable(column) && column.SqlType != "uuid");

    private static bool IsComparable(PgColumn column) =>
        IsWhole(column) || column.SqlType is "uuid" or "real" || column.SqlType.StartsWith("numeric(", StringComparison.Ordinal) || column.SqlType.StartsWith("timestamp", StringComparison.Ordinal);

    private static bool IsTextLike(PgColumn column) => IsChar(column) || Is(TypeOf(column), Varchar);

    private static bool IsChar(PgColumn column) => Is(TypeOf(column), Char);

    private static bool Is(string type, string name) => type.StartsWith(name, StringComparison.Ordinal) && (type.Length == name.Length || (type[name.Length] == '(' && type[^1] == ')'));

    private static string TypeOf(PgColumn column) => column.BaseType ?? column.SqlType;

    private static string CastTo(PgColumn column)
    {
        var type = TypeOf(column);
        var list = type.EndsWith(List, StringComparison.Ordinal) ? List : "";
        var element = type[..^list.Length];
        return Is(element, Varchar) ? Varchar + list : Is(element, Char) ? "bpchar" + list : Is(element, "bit") || Is(element, "bit varying") ? "varbit" + list : column.SqlType;
    }

    private static int? LimitOf(PgColumn column) =>
        TypeOf(column).IndexOf('(', StringComparison.Ordinal) is > 0 and var at ? int.Parse(TypeOf(column).AsSpan()[(at + 1)..^1], CultureInfo.InvariantCulture) : null;
}
