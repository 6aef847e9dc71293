using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A field that is about to be written, and what its column must be able to hold.</summary>
/// <param name="Field">The field.</param>
/// <param name="Type">The type that its values need; null: only nulls come, which a column that is there takes, and for which none is made.</param>
/// <param name="Seen">The kinds of value that come with the records of the call, not with others of their batch: else halving would find each of them guilty.</param>
/// <param name="IsDeclared">True if the configuration gives the type.</param>
internal sealed record PgArrival(string Field, ColumnType? Type, CellKinds Seen, bool IsDeclared = false);
