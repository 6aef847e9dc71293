namespace Tidemark.Records;

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

    /// <summary>Points in time with a zone were seen.</summary>
    Timestamp = 256,

    /// <summary>Dates were seen.</summary>
    Date = 512,

    /// <summary>All kinds of number.</summary>
    Numbers = Integer | LargeInteger | Double | Decimal,

    /// <summary>All kinds of value, null excepted.</summary>
    Values = Boolean | Numbers | Text | Timestamp | Date | Json,
}
