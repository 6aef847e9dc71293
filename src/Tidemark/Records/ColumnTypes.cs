namespace Tidemark.Records;

/// <summary>How column types follow from values, and how they widen without losing any.</summary>
public static class ColumnTypes
{
    /// <summary>The narrowest type that holds all these kinds, or null where only null and absent were seen.</summary>
    /// <param name="kinds">The kinds seen.</param>
    public static ColumnType? Infer(CellKinds kinds) => (kinds & CellKinds.Values) switch
    {
        CellKinds.None => null,
        CellKinds.Boolean => ColumnType.Boolean,
        CellKinds.Integer or CellKinds.LargeInteger or (CellKinds.Integer | CellKinds.LargeInteger) => ColumnType.Bigint,
        CellKinds.Double or (CellKinds.Double | CellKinds.Integer) => ColumnType.Double,
        CellKinds.Json => ColumnType.Json,
        CellKinds.Timestamp => ColumnType.Timestamp,
        CellKinds.Date => ColumnType.Date,
        var numbers when (numbers & ~CellKinds.Numbers) == CellKinds.None => ColumnType.Decimal,
        _ => ColumnType.Text,
    };

    /// <summary>The narrowest type that holds what both hold. A bigint column may hold what no double can, so bigint and double make decimal.</summary>
    /// <param name="stored">The type that a column has.</param>
    /// <param name="arriving">The type that new values need.</param>
    public static ColumnType Widen(ColumnType stored, ColumnType arriving)
    {
        if (stored == arriving) return stored;
        return IsNumber(stored) && IsNumber(arriving) ? ColumnType.Decimal : ColumnType.Text;
    }

    private static bool IsNumber(ColumnType type) => type is ColumnType.Bigint or ColumnType.Double or ColumnType.Decimal;
}
