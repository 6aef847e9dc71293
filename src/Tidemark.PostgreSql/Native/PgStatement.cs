namespace Tidemark.PostgreSql.Native;

/// <summary>A statement and its parameters.</summary>
/// <param name="Sql">One statement.</param>
/// <param name="Values">The values of <c>$1</c>, <c>$2</c>, …</param>
internal sealed record PgStatement(string Sql, params IReadOnlyList<object?> Values);
