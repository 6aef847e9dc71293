using Tidemark.Records;

namespace Tidemark.Sqlite.Tables;

/// <summary>Column types as SQLite writes them.</summary>
internal static class DeclaredTypes
{
    /// <summary>
    /// The declared type of a column. Decimal has none: without affinity whole numbers stay whole, doubles stay doubles and longer numbers stay text, all exact.
    /// </summary>
    /// <param name="type">The column's type; null for one that takes values as they are.</param>
    /// <param name="strict">True in a STRICT table, which knows only six names.</param>
    public static string NameOf(ColumnType? type, bool strict = false) => type switch
    {
        ColumnType.Boolean => strict ? "INTEGER" : "BOOLEAN",
        // Not INTEGER: a key of that name would be the row id itself.
        ColumnType.Bigint => strict ? "INT" : "BIGINT",
        ColumnType.Double => strict ? "REAL" : "DOUBLE",
        ColumnType.Text or ColumnType.Json => "TEXT",
        ColumnType.Timestamp => strict ? "TEXT" : "TIMESTAMP",
        ColumnType.Date => strict ? "TEXT" : "DATE",
        ColumnType.Bytes => "BLOB",
        _ => strict ? "ANY" : "",
    };

    /// <summary>The five rules of SQLite's documentation, "Determination Of Column Affinity", in their order.</summary>
    public static Affinity AffinityOf(string declared)
    {
        if (Has(declared, "INT")) return Affinity.Integer;
        if (Has(declared, "CHAR") || Has(declared, "CLOB") || Has(declared, "TEXT")) return Affinity.Text;
        if (declared.Length == 0 || Has(declared, "BLOB")) return Affinity.None;
        if (Has(declared, "REAL") || Has(declared, "FLOA") || Has(declared, "DOUB")) return Affinity.Real;
        return string.Equals(declared, "ANY", StringComparison.OrdinalIgnoreCase) ? Affinity.None : Affinity.Numeric;
    }

    /// <summary>The type of a column that somebody else made; null if it takes any value as it is.</summary>
    public static ColumnType? TypeOf(string declared) => AffinityOf(declared) switch
    {
        Affinity.Integer => ColumnType.Bigint,
        Affinity.Text => ColumnType.Text,
        Affinity.Real => ColumnType.Double,
        Affinity.None => null,
        _ when Has(declared, "BOOL") => ColumnType.Boolean,
        _ when Has(declared, "TIME") => ColumnType.Timestamp,
        _ when Has(declared, "DATE") => ColumnType.Date,
        _ when Has(declared, "JSON") => ColumnType.Json,
        _ => ColumnType.Decimal,
    };

    private static bool Has(string declared, string part) => declared.Contains(part, StringComparison.OrdinalIgnoreCase);
}
