namespace Tidemark.Simulators.Records;

/// <summary>Keeps the records whose key compares so with a value.</summary>
internal readonly record struct KeyFilter(int Key, FilterOperation Operation, string Value)
{
    public bool Keeps(SimulatedRecord record)
    {
        var order = string.CompareOrdinal(record.Key(Key), Value);
        return Operation switch
        {
            FilterOperation.Equal => order == 0,
            FilterOperation.AtLeast => order >= 0,
            _ => order < 0,
        };
    }
}
