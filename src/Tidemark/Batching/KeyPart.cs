using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>A column of the primary key.</summary>
/// <param name="Column">Its values.</param>
/// <param name="Type">The type of the column that they are written to, which tells which of them are equal; null: those with the same text.</param>
public readonly record struct KeyPart(BatchColumn Column, ColumnType? Type);
