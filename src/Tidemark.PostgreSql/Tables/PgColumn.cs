using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>A column of a table as it is, that fields can be written to.</summary>
/// <param name="Ordinal">Its place among the columns that can be written.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="SqlType">Its type as <c>format_type</c> writes it: <c>bigint</c>, <c>numeric(10,2)</c>, <c>character varying(20)</c>, <c>uuid</c>.</param>
/// <param name="Type">The type of ours that it is exactly (<see cref="SqlTypes"/>); null for every other one, to which values go through their text form.</param>
/// <param name="Adopted">True if somebody else made it: its type is never changed.</param>
/// <param name="NotNull">True if it refuses NULL.</param>
/// <param name="DefaultSql">What it is without a value, as SQL; null: NULL.</param>
internal sealed record PgColumn(int Ordinal, string Name, string SqlType, ColumnType? Type, bool Adopted, bool NotNull, string? DefaultSql)
{
    /// <summary>The type under a domain, as <see cref="SqlType"/> is written; null: the type is no domain.</summary>
    public string? BaseType { get; init; }

    /// <summary>Where rows marked as deleted carry the time.</summary>
    public const string DeletedAt = "_tidemark_deleted_at";
}
