namespace Tidemark.Destinations;

/// <summary>
/// What becomes of fields and values that a table has no room for. A table that does not exist yet is made from the declared columns and what the first batch brings.
/// </summary>
public enum SchemaContract
{
    /// <summary>The table gets new columns and wider types.</summary>
    Evolve,

    /// <summary>The stream stops before it writes anything of the batch (<see cref="DestinationFault.Guard"/>), naming the field, what was found and what the column is.</summary>
    Freeze,

    /// <summary>Values of unknown fields are left out and counted; a record whose value does not fit its column is refused (<see cref="DestinationFault.Record"/>).</summary>
    Discard,
}
