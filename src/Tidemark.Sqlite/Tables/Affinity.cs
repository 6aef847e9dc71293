namespace Tidemark.Sqlite.Tables;

/// <summary>What SQLite turns a value into when it is stored in a column.</summary>
internal enum Affinity
{
    /// <summary>Nothing: values stay what they are.</summary>
    None,

    /// <summary>Numbers become text.</summary>
    Text,

    /// <summary>Text that looks like a number becomes one.</summary>
    Numeric,

    /// <summary>The same, whole numbers preferred.</summary>
    Integer,

    /// <summary>The same, always floating-point.</summary>
    Real,
}
