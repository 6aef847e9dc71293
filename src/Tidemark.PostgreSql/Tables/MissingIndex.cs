namespace Tidemark.PostgreSql.Tables;

/// <summary>An index that a table should have and has not.</summary>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="IsUnique">True if no two rows may have the same values.</param>
/// <param name="IsKey">True if it stands for the primary key.</param>
internal sealed record MissingIndex(IReadOnlyList<string> Columns, bool IsUnique, bool IsKey);
