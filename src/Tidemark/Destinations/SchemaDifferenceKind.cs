namespace Tidemark.Destinations;

/// <summary>In what a table is not as it was declared.</summary>
public enum SchemaDifferenceKind
{
    /// <summary>There is no such table.</summary>
    TableMissing,

    /// <summary>A column that was declared, or that fields were written to, is not there.</summary>
    ColumnMissing,

    /// <summary>A column has another type than was declared.</summary>
    ColumnType,

    /// <summary>A column has another type than the one that it was made or widened with: somebody altered it.</summary>
    ColumnAltered,

    /// <summary>Nothing keeps the columns of the primary key unique.</summary>
    KeyMissing,

    /// <summary>A declared index is not there, or lets equal values in where it should not.</summary>
    IndexMissing,

    /// <summary>The table is not partitioned as declared.</summary>
    Partitioning,
}
