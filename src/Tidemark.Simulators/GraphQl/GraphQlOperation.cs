namespace Tidemark.Simulators.GraphQl;

internal sealed record GraphQlOperation(
    string Type,
    string? Name,
    IReadOnlyList<VariableDefinition> Variables,
    IReadOnlyList<FieldSelection> Selections);
