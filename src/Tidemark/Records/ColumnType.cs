namespace Tidemark.Records;

/// <summary>The types of a column, as a destination creates it.</summary>
public enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of 64 bits.</summary>
    Bigint,

    /// <summary>A number with all its digits.</summary>
    Decimal,

    /// <summary>A binary floating-point number of 64 bits.</summary>
    Double,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A point in time with its offset.</summary>
    Timestamp,

    /// <summary>A calendar day.</summary>
    Date,

    /// <summary>An object or a list.</summary>
    Json,

    /// <summary>Bytes, base64 in JSON.</summary>
    Bytes,
}
