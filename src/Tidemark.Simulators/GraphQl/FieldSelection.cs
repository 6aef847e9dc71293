namespace Tidemark.Simulators.GraphQl;

/// <summary>A field that a query asks for. No selections and an absent selection set are the same.</summary>
internal sealed record FieldSelection(
    string ResponseKey,
    string Name,
    IReadOnlyList<KeyValuePair<string, GraphQlValue>> Arguments,
    IReadOnlyList<FieldSelection> Selections);
