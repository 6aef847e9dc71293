using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>Reads the defaults of parameters as if callers had given them.</summary>
public static class ParamDefaults
{
    /// <summary>The values of defaults, by name.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="texts">Their defaults as they were written.</param>
    /// <exception cref="LookupInputException">One of them is none that a caller may give.</exception>
    public static IReadOnlyDictionary<string, ScalarValue> Read(IReadOnlyList<LookupParam> parameters, IEnumerable<KeyValuePair<string, string>> texts)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        // What is missing is another matter.
        return new ParamValues([.. parameters.Select(p => p with { Default = null, Required = false })], KeyTemplate.Parse("{x}")).Read(texts);
    }
}
