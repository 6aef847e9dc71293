namespace Tidemark.Simulators.GraphQl;

/// <summary>The arguments of a connection, checked for their types.</summary>
internal sealed record ConnectionArguments
{
    /// <summary>What a connection gives at most, and when it is not told.</summary>
    public const int MostRecords = 100;

    public int First { get; private init; } = MostRecords;

    public string? After { get; private init; }

    public string? Sort { get; private init; }

    public IReadOnlyDictionary<string, object?> Filters { get; private init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <exception cref="GraphQlException">An argument is unknown or of the wrong type.</exception>
    public static ConnectionArguments Read(FieldSelection field, IReadOnlyDictionary<string, object?> variables, int most)
    {
        var read = new ConnectionArguments { First = most };
        foreach (var (name, written) in field.Arguments)
        {
            var value = written.Resolve(variables);
            read = (name, value) switch
            {
                ("first" or "after" or "sortBy" or "filters", null) => read,
                ("first", long first and >= 0) => read with { First = (int)Math.Min(first, most) },
                ("after", string after) => read with { After = after },
                ("sortBy", string sort) => read with { Sort = sort },
                ("sortBy", List<object?> and []) => read,
                ("sortBy", List<object?> and [string sort]) => read with { Sort = sort },
                ("filters", Dictionary<string, object?> filters) => read with { Filters = filters },
                ("first" or "after" or "sortBy" or "filters", _) => throw Invalid(field, name, value),
                _ => throw new GraphQlException($"Field '{field.Name}' doesn't accept argument '{name}'"),
            };
        }

        return read;
    }

    private static GraphQlException Invalid(FieldSelection field, string name, object? value)
    {
        var shown = value is List<object?> items ? $"[{string.Join(", ", items)}]" : value;
        return new GraphQlException($"Argument '{name}' on Field '{field.Name}' has an invalid value ({shown})");
    }
}
