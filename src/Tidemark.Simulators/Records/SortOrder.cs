namespace Tidemark.Simulators.Records;

/// <summary>An order of records: by a key, then by identifier, so that no two records are equal in it.</summary>
internal sealed record SortOrder(string Name, int Key, bool Descending) : IComparer<SimulatedRecord>
{
    public int Compare(SimulatedRecord? x, SimulatedRecord? y) => Compare(x!.Key(Key), x.Id, y!.Key(Key), y.Id);

    public int Compare(string key, string id, string otherKey, string otherId)
    {
        var order = string.CompareOrdinal(key, otherKey);
        if (order == 0)
            return string.CompareOrdinal(id, otherId);
        return Descending ? -order : order;
    }
}
