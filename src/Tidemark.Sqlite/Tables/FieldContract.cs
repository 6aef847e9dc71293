using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Sqlite.Tables;

/// <summary>Holds the schema contract: which of the arriving fields a table that is there may be given.</summary>
internal sealed class FieldContract(SchemaContract contract, SchemaLog log)
{
    /// <summary>The arrivals that go on to the table, which has room for all of them or may be changed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tableName">Its name for the user.</param>
    /// <param name="arrivals">What arrives.</param>
    /// <param name="valuesOf">Counts the values of a field.</param>
    /// <exception cref="DestinationException">A change would be needed (freeze), or a record does not fit (discard).</exception>
    public IReadOnlyList<Arrival> Admit(SqliteTable table, string tableName, IReadOnlyList<Arrival> arrivals, Func<string, long> valuesOf)
    {
        if (contract == SchemaContract.Evolve || !table.Exists) return arrivals;
        table.Adopt(arrivals);
        var admitted = new List<Arrival>(arrivals.Count);
        foreach (var arrival in arrivals.Where(a => (a.Seen & CellKinds.Values) != CellKinds.None))
        {
            if (!table.Fields.TryGetValue(arrival.Field, out var column)) Unknown(arrival, tableName, valuesOf);
            else if (table.Holds(arrival)) admitted.Add(arrival);
            else throw Misfit(arrival, column, tableName);
        }
        return admitted;
    }

    private void Unknown(Arrival arrival, string tableName, Func<string, long> valuesOf)
    {
        if (contract == SchemaContract.Freeze)
        {
            throw new DestinationException(DestinationFault.Guard,
                $"found the field '{arrival.Field}' ({Name(arrival.Type)}), for which '{tableName}' has no column, and schema_contract is freeze: nothing of the batch was written. Add the column, or use schema_contract: evolve or discard");
        }
        log.Add(new SchemaChange(SchemaChangeKind.FieldDiscarded, tableName, arrival.Field, Count: valuesOf(arrival.Field)));
    }

    private DestinationException Misfit(Arrival arrival, TableColumn column, string tableName)
    {
        var found = $"found {Name(arrival.Type)} in '{arrival.Field}', expected {Name(column.Type)} like its column in '{tableName}'";
        return contract == SchemaContract.Freeze
            ? new DestinationException(DestinationFault.Guard, $"{found}, and schema_contract is freeze: nothing of the batch was written. Change the column, declare another type, or use schema_contract: evolve")
            : new DestinationException(DestinationFault.Record, $"{found}, which schema_contract: discard keeps as it is");
    }

    private static string Name(ColumnType? type) => type?.ToString().ToLowerInvariant() ?? "a value";
}
