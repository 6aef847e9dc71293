using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>What a schema contract makes of what arrives for a table that is there.</summary>
internal static class ContractGuard
{
    /// <summary>True if a field must be known, or left out, for its contract: evolving tables take all, and where nothing comes, nothing is lost.</summary>
    public static bool Holds(SchemaContract contract, PgArrival arrival) => contract != SchemaContract.Evolve && (arrival.Seen & CellKinds.Values) != CellKinds.None;

    /// <summary>Refuses what a table that must not change has no room for.</summary>
    /// <param name="name">The table.</param>
    /// <param name="plan">Its contract is freeze or discard.</param>
    /// <param name="fields">The columns that there are.</param>
    /// <param name="unknown">What arrives without a column.</param>
    /// <param name="changes">The columns that would have to change.</param>
    /// <exception cref="DestinationException"><see cref="DestinationFault.Guard"/> if it is frozen, else <see cref="DestinationFault.Record"/>.</exception>
    public static void Check(TableName name, TablePlan plan, IReadOnlyDictionary<string, PgColumn> fields, IReadOnlyList<PgArrival> unknown, IReadOnlyList<ColumnChange> changes)
    {
        var wrong = changes.Where(c => Holds(plan.Contract, c.Arrival))
            .Select(c => $"the field '{c.Arrival.Field}' brings {Of(c.Arrival)}, which its column '{c.Column.Name}' ({c.Column.SqlType}) does not hold").ToList();
        if (plan.Contract == SchemaContract.Discard)
        {
            if (plan.KeyFields.FirstOrDefault(k => !fields.ContainsKey(k)) is { } key)
                throw new DestinationException(DestinationFault.Fatal,
                    $"the table '{name}' must not change (schema_contract: discard), but has no column for '{key}', which is part of the primary key: add the column, or set schema_contract to evolve");
            if (wrong.Count > 0) throw new DestinationException(DestinationFault.Record, $"{string.Join("; ", wrong)}, and the table '{name}' must not change (schema_contract: discard)");
            return;
        }
        wrong.InsertRange(0, unknown.Where(a => Holds(plan.Contract, a)).Select(a => $"the field '{a.Field}' brings {Of(a)} and has no column"));
        if (wrong.Count == 0) return;
        throw new DestinationException(DestinationFault.Guard,
            $"the table '{name}' must not change (schema_contract: freeze), but {string.Join("; ", wrong)}. Nothing of the batch was written: change the table by hand, or set schema_contract to evolve or discard");
    }

    private static string Of(PgArrival arrival) => SqlTypes.NameOf(arrival.Type!.Value);
}
