namespace Tidemark.Simulators.GraphQl;

internal sealed record Operation(
    string Type,
    string? Name,
    IReadOnlyList<VariableDefinition> Variables,
    IReadOnlyList<FieldSelection> Selections);
