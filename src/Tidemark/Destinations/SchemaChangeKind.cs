namespace Tidemark.Destinations;

/// <summary>What happened to a table.</summary>
public enum SchemaChangeKind
{
    /// <summary>The table was made.</summary>
    TableCreated,

    /// <summary>A column was added.</summary>
    ColumnAdded,

    /// <summary>A column's type was widened.</summary>
    ColumnWidened,

    /// <summary>An index was made.</summary>
    IndexCreated,

    /// <summary>A partition was made.</summary>
    PartitionCreated,

    /// <summary>Values of a field without a column were left out (<see cref="SchemaContract.Discard"/>).</summary>
    FieldDiscarded,
}
