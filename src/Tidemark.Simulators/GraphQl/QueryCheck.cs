namespace Tidemark.Simulators.GraphQl;

/// <summary>Finds what is wrong with a query before any of it runs, in the words of graphql-ruby.</summary>
internal static class QueryCheck
{
    public static IReadOnlyList<string> Errors(GraphQlOperation operation, IReadOnlyDictionary<string, Connection> connections)
    {
        if (operation.Type is not "query")
            return [$"Schema is not configured for {operation.Type}s"];

        var errors = new List<string>();
        foreach (var field in operation.Selections)
        {
            if (connections.TryGetValue(field.Name, out var connection))
                Check(field, connection.Type, errors);
            else if (field.Name is not "__typename")
                errors.Add($"Field '{field.Name}' doesn't exist on type 'Query'");
        }

        return errors;
    }

    private static void Check(FieldSelection parent, ObjectType type, List<string> errors)
    {
        if (parent.Selections.Count == 0)
        {
            errors.Add($"Field must have selections (field '{parent.Name}' returns {type.Name} but has no selections. Did you mean '{parent.Name} {{ ... }}'?)");
            return;
        }

        foreach (var field in parent.Selections)
        {
            if (!type.TryField(field.Name, out var fieldType))
                errors.Add($"Field '{field.Name}' doesn't exist on type '{type.Name}'");
            else if (field.Arguments.Count > 0)
                errors.Add($"Field '{field.Name}' doesn't accept argument '{field.Arguments[0].Key}'");
            else if (fieldType is not null)
                Check(field, fieldType, errors);
            else if (field.Selections.Count > 0)
                errors.Add($"Selections can't be made on scalars (field '{field.Name}' has selections [\"{field.Selections[0].Name}\"])");
        }
    }
}
