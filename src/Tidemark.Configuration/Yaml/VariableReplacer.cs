using System.Text;
using Tidemark.Definitions;

namespace Tidemark.Configuration.Yaml;

/// <summary>
/// Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> in a scalar that is parsed already, so that no value can change the structure of the file.
/// <c>$${</c> stands for <c>${</c> itself.
/// </summary>
/// <param name="environment">The variables.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class VariableReplacer(IReadOnlyDictionary<string, string> environment, ConfigProblems problems)
{
    private readonly Dictionary<string, string> _used = new(StringComparer.Ordinal);

    /// <summary>The variables that the file needs, with their values.</summary>
    public IReadOnlyDictionary<string, string> Used => _used;

    /// <summary>The scalar with its variables replaced.</summary>
    /// <param name="scalar">The scalar as the file has it.</param>
    public ScalarNode Replace(ScalarNode scalar)
    {
        var text = scalar.Text;
        if (!text.Contains("${", StringComparison.Ordinal)) return scalar;
        var result = new StringBuilder();
        var at = 0;
        var replaced = false;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            if (open > at && text[open - 1] == '$')
            {
                result.Append(text, at, open - 1 - at).Append("${");
                at = open + 2;
                continue;
            }
            result.Append(text, at, open - at);
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                problems.Add(scalar.Location, "'}' is missing after '${'; write $${ for a text that has ${ in it");
                return scalar;
            }
            result.Append(ValueOf(text[(open + 2)..close], scalar.Location));
            replaced = true;
            at = close + 1;
        }
        result.Append(text, at, text.Length - at);
        var value = result.ToString();
        if (!replaced) return scalar with { Text = value };
        // A password may well be 'null': a value from outside is a text, at most an empty one stands for nothing.
        return new ScalarNode(value, scalar.Plain && value is not ("~" or "null"), scalar.Location) { Written = text };
    }

    private string ValueOf(string expression, Location location)
    {
        var colon = expression.IndexOf(":-", StringComparison.Ordinal);
        var name = colon < 0 ? expression : expression[..colon];
        if (!IsName(name) || (colon >= 0 && expression.Contains("${", StringComparison.Ordinal)))
        {
            problems.Add(location, $"found '${{{expression}}}', expected ${{NAME}} or ${{NAME:-default}}; write $${{ for a text that has ${{ in it");
            return "";
        }
        var known = environment.TryGetValue(name, out var value);
        if (colon >= 0 && string.IsNullOrEmpty(value)) return expression[(colon + 2)..];
        if (!known)
        {
            problems.Add(location, $"the environment variable {name} is not set; set it, add {name}=… to the file .env beside this one, or write ${{{name}:-default}}");
            return "";
        }
        return _used[name] = value!;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
