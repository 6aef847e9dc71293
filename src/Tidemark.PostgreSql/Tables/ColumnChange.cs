using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A column that has to become wider.</summary>
/// <param name="Arrival">What arrives.</param>
/// <param name="Column">The column as it is.</param>
/// <param name="To">The type that it has to have.</param>
internal sealed record ColumnChange(PgArrival Arrival, PgColumn Column, ColumnType To);
