namespace Tidemark.PostgreSql.Tables;

/// <summary>A column as the catalog describes it.</summary>
/// <param name="Number">Its number in the table.</param>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type as <c>format_type</c> writes it.</param>
/// <param name="NotNull">True if it refuses NULL.</param>
/// <param name="Generated">True if it follows from other columns: it can't be written.</param>
/// <param name="IdentityAlways">True if only <c>OVERRIDING SYSTEM VALUE</c> and COPY may give it a value.</param>
/// <param name="DefaultSql">What it is without a value, as SQL; null: NULL.</param>
/// <param name="BaseType">The type under a domain, as <c>format_type</c> writes it; null: the type is no domain.</param>
internal sealed record PgShapeColumn(int Number, string Name, string SqlType, bool NotNull, bool Generated, bool IdentityAlways, string? DefaultSql, string? BaseType);
