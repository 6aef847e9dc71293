using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tidemark.Definitions;
using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>Reads what callers give as the values of declared parameters: one way of writing for each value. Pure.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="key">Names those that have to be there.</param>
internal sealed class ParamValues(IReadOnlyList<LookupParam> parameters, KeyTemplate key)
{
    /// <summary>Longer texts are no keys.</summary>
    private const int MaxLength = 100_000;

    private readonly Dictionary<string, LookupParam> _known = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);

    // Of the whole text: a|ab has to take ab.
    private readonly Dictionary<string, Regex> _patterns = parameters.Where(p => p.Pattern is not null)
        .ToDictionary(p => p.Name, p => new Regex($@"\A(?:{p.Pattern})\z", p.Pattern!.Options, p.Pattern.MatchTimeout), StringComparer.Ordinal);

    /// <summary>Reads names with texts, as in a query.</summary>
    /// <exception cref="LookupInputException">They can't be the parameters of this lookup.</exception>
    public IReadOnlyDictionary<string, ScalarValue> Read(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var values = new Dictionary<string, ScalarValue>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            if (!values.TryAdd(name, ValueOf(Known(name), new ScalarValue(ScalarKind.Text, text), isQuoted: false)))
                throw new LookupInputException($"the parameter '{name}' is there twice");
        }
        return Complete(values);
    }

    /// <summary>Reads the members of a JSON object.</summary>
    /// <exception cref="LookupInputException">It can't be the parameters of this lookup.</exception>
    public IReadOnlyDictionary<string, ScalarValue> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return Complete(Single(json));
        var values = new Dictionary<string, ScalarValue>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var param = Known(member.Name);
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (!values.TryAdd(member.Name, ValueOf(param, ScalarOf(member.Name, member.Value), isQuoted: member.Value.ValueKind == JsonValueKind.String)))
                throw new LookupInputException($"the parameter '{member.Name}' is there twice");
        }
        return Complete(values);
    }

    // A single value where there is a single parameter.
    private Dictionary<string, ScalarValue> Single(JsonElement json)
    {
        var needed = parameters.Where(IsRequired).ToList();
        var param = parameters.Count == 1 ? parameters[0] : needed.Count == 1 ? needed[0]
            : throw new LookupInputException($"found {Describe(json)}, expected an object with the parameters {string.Join(", ", _known.Keys)}");
        return new Dictionary<string, ScalarValue>(StringComparer.Ordinal)
        {
            [param.Name] = ValueOf(param, ScalarOf(param.Name, json), isQuoted: json.ValueKind == JsonValueKind.String),
        };
    }

    private Dictionary<string, ScalarValue> Complete(Dictionary<string, ScalarValue> values)
    {
        foreach (var param in parameters.Where(p => !values.ContainsKey(p.Name)))
        {
            if (param.Default is { } value) values[param.Name] = value;
            else if (IsRequired(param)) throw new LookupInputException($"the parameter '{param.Name}' is missing, expected {Expected(param)}");
        }
        return values;
    }

    private bool IsRequired(LookupParam param) => param.Required ?? (param.Default is null && key.Names.Contains(param.Name, StringComparer.Ordinal));

    private LookupParam Known(string name) =>
        _known.GetValueOrDefault(name) ?? throw new LookupInputException($"unknown parameter '{name}'{NearestName.Hint(name, [.. _known.Keys])}");

    private static ScalarValue ScalarOf(string name, JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => new ScalarValue(ScalarKind.Text, json.GetString()!),
                JsonValueKind.Number => new ScalarValue(ScalarKind.Number, json.GetRawText()),
                JsonValueKind.True or JsonValueKind.False => new ScalarValue(ScalarKind.Boolean, json.GetRawText()),
                _ => throw new LookupInputException($"found {Describe(json)} in '{name}', expected a single value"),
            };
        }
        catch (InvalidOperationException)
        {
            throw new LookupInputException($"found a text in '{name}' with an escape that is no character");
        }
    }

    private ScalarValue ValueOf(LookupParam param, ScalarValue given, bool isQuoted)
    {
        var text = given.Text;
        if (text.Length > MaxLength) throw new LookupInputException($"found a text of {text.Length} characters in '{param.Name}', expected at most {MaxLength}");
        switch (param.Type)
        {
            case LookupParamType.Text when given.Kind == ScalarKind.Text:
                return Matches(param, text) ? given : throw Wrong(param, given);
            case LookupParamType.Text:
                throw Wrong(param, given);
            case LookupParamType.Int when !isQuoted && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && IsWithin(param, whole):
                return new ScalarValue(ScalarKind.Number, whole.ToString(CultureInfo.InvariantCulture));
            case LookupParamType.Number when !isQuoted && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && IsWithin(param, number):
                // One way of writing: no zeros at the end.
                return new ScalarValue(ScalarKind.Number, (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
            case LookupParamType.Bool when !isQuoted && text is "true" or "false":
                return new ScalarValue(ScalarKind.Boolean, text);
            default:
                throw Wrong(param, given);
        }
    }

    private static bool IsWithin(LookupParam param, decimal number) => number >= (param.Min ?? decimal.MinValue) && number <= (param.Max ?? decimal.MaxValue);

    private bool Matches(LookupParam param, string text)
    {
        try
        {
            return !_patterns.TryGetValue(param.Name, out var pattern) || pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static LookupInputException Wrong(LookupParam param, ScalarValue given)
    {
        var shown = given.Text.Length > 60 ? given.Text[..60] + "…" : given.Text;
        return new LookupInputException($"found {(given.Kind == ScalarKind.Text ? $"'{shown}'" : shown)} in '{param.Name}', expected {Expected(param)}");
    }

    private static string Expected(LookupParam param)
    {
        var what = param.Type switch { LookupParamType.Int => "a whole number", LookupParamType.Number => "a number", LookupParamType.Bool => "true or false", _ => "a text" };
        if (param.Pattern is { } pattern) what += $" like {pattern}";
        return (param.Min, param.Max) switch
        {
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"{what} from {min} to {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"{what}, at least {min}"),
            (null, { } max) => string.Create(CultureInfo.InvariantCulture, $"{what}, at most {max}"),
            _ => what,
        };
    }

    private static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
        _ => json.GetRawText(),
    };
}
