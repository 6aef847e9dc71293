namespace Tidemark.Simulators.GraphQl;

/// <summary>What a query costs: 2 a connection, 1 a record, and 1 more for each object inside a record.</summary>
internal static class QueryCost
{
    public static int Of(FieldSelection connection, int records)
    {
        var node = connection.Selections.FirstOrDefault(static part => part.Name is "nodes")
            ?? connection.Selections.FirstOrDefault(static part => part.Name is "edges")
                ?.Selections.FirstOrDefault(static part => part.Name is "node");
        return node is null ? 2 : 2 + (records * (1 + node.Selections.Count(static part => part.Selections.Count > 0)));
    }
}
