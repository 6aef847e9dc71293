namespace Tidemark.Records;

/// <summary>What a cell holds. Absent is not null: an absent value leaves the stored one alone.</summary>
public enum CellKind : byte
{
    /// <summary>The record does not carry this field.</summary>
    Absent,

    /// <summary>JSON null.</summary>
    Null,

    /// <summary>True or false, in <see cref="Cell.Integer"/> as 1 or 0.</summary>
    Boolean,

    /// <summary>A whole number, in <see cref="Cell.Integer"/>.</summary>
    Integer,

    /// <summary>A floating-point number, in <see cref="Cell.Double"/>.</summary>
    Double,

    /// <summary>A number that neither of them holds exactly: its ASCII digits in the batch's bytes.</summary>
    Decimal,

    /// <summary>Unescaped UTF-8 in the batch's bytes.</summary>
    Text,

    /// <summary>An object or a list, as it arrived, in the batch's bytes.</summary>
    Json,
}

/// <summary>A set of kinds, as seen in a column.</summary>
[Flags]
public enum CellKinds
{
    /// <summary>Nothing but absent.</summary>
    None = 0,

    /// <summary>Null was seen.</summary>
    Null = 1,

    /// <summary>Booleans were seen.</summary>
    Boolean = 2,

    /// <summary>Whole numbers that a double holds exactly were seen.</summary>
    Integer = 4,

    /// <summary>Whole numbers beyond ±2^53 were seen.</summary>
    LargeInteger = 8,

    /// <summary>Numbers with a fraction or an exponent were seen.</summary>
    Double = 16,

    /// <summary>Numbers that only a decimal holds were seen.</summary>
    Decimal = 32,

    /// <summary>Text was seen.</summary>
    Text = 64,

    /// <summary>Objects or lists were seen.</summary>
    Json = 128,

    /// <summary>All kinds of number.</summary>
    Numbers = Integer | LargeInteger | Double | Decimal,

    /// <summary>All kinds of value, null excepted.</summary>
    Values = Boolean | Numbers | Text | Json,
}
