using Tidemark.Records;

namespace Tidemark.Sqlite.Tables;

/// <summary>A column of a table as it is.</summary>
/// <param name="Ordinal">Its place among the columns that can be written.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Affinity">What SQLite makes of values.</param>
/// <param name="Type">Its type; null if it takes any value as it is.</param>
/// <param name="Adopted">True if somebody else made it: its type follows from its declaration.</param>
internal sealed record TableColumn(int Ordinal, string Name, Affinity Affinity, ColumnType? Type, bool Adopted)
{
    /// <summary>Where rows marked as deleted carry the time.</summary>
    public const string DeletedAt = "_tidemark_deleted_at";
}
