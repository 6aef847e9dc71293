namespace Tidemark.Records;

/// <summary>A declared column.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Path">Where in the record its value is; null: in the field of this name.</param>
/// <param name="Type">Its type; null: inferred.</param>
public sealed record DeclaredColumn(string Name, JsonPath? Path, ColumnType? Type);
