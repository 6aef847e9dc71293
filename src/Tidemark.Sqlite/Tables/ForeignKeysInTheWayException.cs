namespace Tidemark.Sqlite.Tables;

/// <summary>A table that others refer to has to be rebuilt: the transaction must begin again with foreign keys switched off.</summary>
/// <param name="table">The table.</param>
/// <param name="arrivals">What it has to hold.</param>
internal sealed class ForeignKeysInTheWayException(SqliteTable table, IReadOnlyList<Arrival> arrivals) : Exception("the transaction must begin again without foreign keys")
{
    public SqliteTable Table { get; } = table;

    public IReadOnlyList<Arrival> Arrivals { get; } = arrivals;
}
