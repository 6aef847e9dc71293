namespace Tidemark.Simulators.GraphQl;

/// <summary>
/// A value as a query writes it. Resolved it is null, a bool, a long, a double, a string (enum values too), a list of
/// <c>object?</c> or a dictionary by name.
/// </summary>
internal abstract record GraphQlValue
{
    public abstract object? Resolve(IReadOnlyDictionary<string, object?> variables);

    internal sealed record ConstantValue(object? Value) : GraphQlValue
    {
        public override object? Resolve(IReadOnlyDictionary<string, object?> variables) => Value;
    }

    internal sealed record VariableValue(string Name) : GraphQlValue
    {
        public override object? Resolve(IReadOnlyDictionary<string, object?> variables) =>
            variables.TryGetValue(Name, out var value)
                ? value
                : throw new GraphQlException($"Variable ${Name} is used but not declared");
    }

    internal sealed record ListValue(IReadOnlyList<GraphQlValue> Values) : GraphQlValue
    {
        public override object? Resolve(IReadOnlyDictionary<string, object?> variables) =>
            Values.Select(value => value.Resolve(variables)).ToList();
    }

    internal sealed record ObjectValue(IReadOnlyList<KeyValuePair<string, GraphQlValue>> Values) : GraphQlValue
    {
        public override object? Resolve(IReadOnlyDictionary<string, object?> variables)
        {
            var members = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in Values)
                members[name] = value.Resolve(variables);
            return members;
        }
    }
}
