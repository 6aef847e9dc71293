using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>A parameter or header whose value is a template. A pair of texts becomes one: <c>("since", "{{ last_success - 7d }}")</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value; where it needs what is not there, the whole parameter is left out.</param>
public sealed record NamedTemplate(string Name, Template Value)
{
    /// <summary>Reads a pair of texts.</summary>
    /// <param name="pair">Name and template.</param>
    /// <exception cref="FormatException">The second is no template.</exception>
    public static implicit operator NamedTemplate((string Name, string Value) pair) => new(pair.Name, Template.Parse(pair.Value));
}
