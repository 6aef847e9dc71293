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

    /// <summary>
    /// A text that <see cref="Timestamps"/> reads, as it arrived, in the batch's bytes: a point in time with its zone, to the microsecond unless its column is declared a timestamp.
    /// </summary>
    Timestamp,

    /// <summary>A text that <see cref="Dates"/> reads, as it arrived, in the batch's bytes.</summary>
    Date,

    /// <summary>An object or a list, as it arrived, in the batch's bytes.</summary>
    Json,
}
