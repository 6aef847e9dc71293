namespace Tidemark.Simulators.GraphQl;

internal sealed record VariableDefinition(string Name, string Type, GraphQlValue? Default);
