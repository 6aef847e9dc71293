using Tidemark.Records;

namespace Tidemark.Sqlite.Tables;

/// <summary>A field that is about to be written, and what its column must be able to hold.</summary>
/// <param name="Field">The field.</param>
/// <param name="Type">The type that its values need; null: any value as it is.</param>
/// <param name="Seen">The kinds of value that come.</param>
/// <param name="LooksLikeTime">Tells whether all its texts start like an ISO date; null: not known to.</param>
internal sealed record Arrival(string Field, ColumnType? Type, CellKinds Seen, Func<bool>? LooksLikeTime = null)
{
    /// <summary>True if only nulls come: a column that is there takes them, and none is made for them.</summary>
    public bool IsNull => Type is null && Seen == CellKinds.Null;

    /// <summary>The type that a column must have to take this, given the one it has.</summary>
    /// <param name="column">The column.</param>
    /// <param name="storedFitDouble">Tells whether all that is stored are whole numbers that a double holds.</param>
    /// <returns>The column's own type if it can stay as it is.</returns>
    public ColumnType? Widen(TableColumn column, Func<bool> storedFitDouble)
    {
        if (column.Type is not { } stored || Type is not { } arriving || stored == arriving) return column.Type;
        var exactInDouble = (Seen & (CellKinds.LargeInteger | CellKinds.Decimal)) == CellKinds.None;
        return (stored, arriving) switch
        {
            (ColumnType.Double, ColumnType.Bigint) when exactInDouble => stored,
            (ColumnType.Bigint, ColumnType.Double) when exactInDouble && storedFitDouble() => ColumnType.Double,
            // Whoever makes an SQLite table by hand keeps booleans as whole numbers.
            (ColumnType.Bigint, ColumnType.Boolean) when column.Adopted => stored,
            // Nor does such a table tell times with a zone from others. Such text is no number, so that no affinity touches it.
            (ColumnType.Timestamp or ColumnType.Date, ColumnType.Text or ColumnType.Timestamp or ColumnType.Date) when column.Adopted && LooksLikeTime?.Invoke() == true => stored,
            _ => ColumnTypes.Widen(stored, arriving),
        };
    }

    /// <summary>True if the column's affinity would change digits on their way in: only a foreign NUMERIC column does.</summary>
    public bool LosesDigitsIn(TableColumn column) =>
        column is { Type: ColumnType.Decimal, Affinity: not Affinity.None } && (Seen & CellKinds.Decimal) != CellKinds.None;
}
