using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>Makes keys of what callers give. Pure.</summary>
/// <param name="parameters">The declared parameters.</param>
/// <param name="template">The key.</param>
/// <param name="rest">What becomes of parameters that the key does not name.</param>
/// <param name="told">The parameters that history takes: they lead to no other answer.</param>
internal sealed class KeyMaker(IReadOnlyList<LookupParam> parameters, KeyTemplate template, KeyRest rest, IReadOnlyCollection<string> told)
{
    /// <summary>Characters of a key: it fits a column of varchar(255).</summary>
    public const int MaxLength = 200;

    private const int HashLength = 32;

    private readonly ParamValues _values = new(parameters, template);
    private readonly IReadOnlyList<string> _named = template.Names;

    /// <summary>The key of names with texts, as in a query.</summary>
    /// <exception cref="LookupInputException">They can't be the parameters of this lookup.</exception>
    public LookupKey Of(IEnumerable<KeyValuePair<string, string>> texts) => Of(_values.Read(texts));

    /// <summary>The key of a JSON object.</summary>
    /// <exception cref="LookupInputException">It can't be the parameters of this lookup.</exception>
    public LookupKey Of(JsonElement json) => Of(_values.Read(json));

    private LookupKey Of(IReadOnlyDictionary<string, ScalarValue> values)
    {
        var asked = values.Where(v => !told.Contains(v.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
        var others = asked.Where(v => !_named.Contains(v.Key, StringComparer.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal).ToList();
        if (others.Count > 0 && rest == KeyRest.Refuse)
            throw new LookupInputException($"the parameter '{others[0].Key}' is not part of the key '{template}', which is refused here (key_rest: refuse)");
        var text = template.Fill(asked);
        if (others.Count > 0) text += "#" + Hash(string.Concat(others.Select(o => $"{o.Key.Length}:{o.Key}={o.Value.Kind}{o.Value.Text.Length}:{o.Value.Text};")))[..16];
        return new LookupKey(Cut(text), asked, values.Where(v => told.Contains(v.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal));
    }

    // Readable at its beginning, told apart by its end. Escaped values hold no surrogates, so it may be cut anywhere.
    private static string Cut(string key) => key.Length <= MaxLength ? key : $"{key[..(MaxLength - HashLength - 1)]}~{Hash(key)[..HashLength]}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)));
}
