namespace Tidemark.Simulators.GraphQl;

/// <summary>A type with fields. A field with no type of its own is a scalar or a list of scalars.</summary>
internal sealed class ObjectType
{
    private readonly Dictionary<string, ObjectType?> _fields;

    public ObjectType(string name, params ReadOnlySpan<string> scalars)
        : this(name, scalars, [])
    {
    }

    public ObjectType(string name, ReadOnlySpan<string> scalars, params ReadOnlySpan<(string Name, ObjectType Type)> objects)
    {
        Name = name;
        _fields = new Dictionary<string, ObjectType?>(StringComparer.Ordinal) { ["__typename"] = null };
        foreach (var scalar in scalars)
            _fields.Add(scalar, null);
        foreach (var (field, type) in objects)
            _fields.Add(field, type);
    }

    public string Name { get; }

    /// <summary>Whether the field exists; its type when it is an object.</summary>
    public bool TryField(string field, out ObjectType? type) => _fields.TryGetValue(field, out type);
}
