using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>Column types as PostgreSQL writes them.</summary>
internal static class SqlTypes
{
    /// <summary>The type of a column that we make, exactly as <c>format_type</c> writes it.</summary>
    public static string NameOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Bigint => "bigint",
        ColumnType.Decimal => "numeric",
        ColumnType.Double => "double precision",
        ColumnType.Timestamp => "timestamp with time zone",
        ColumnType.Date => "date",
        ColumnType.Json => "jsonb",
        ColumnType.Bytes => "bytea",
        _ => "text",
    };

    /// <summary>The type of ours that a type is exactly; null: none.</summary>
    public static ColumnType? TypeOf(string sqlType) => sqlType switch
    {
        "boolean" => ColumnType.Boolean,
        "bigint" => ColumnType.Bigint,
        "numeric" => ColumnType.Decimal,
        "double precision" => ColumnType.Double,
        "timestamp with time zone" => ColumnType.Timestamp,
        "date" => ColumnType.Date,
        "jsonb" => ColumnType.Json,
        "bytea" => ColumnType.Bytes,
        "text" => ColumnType.Text,
        _ => null,
    };
}
