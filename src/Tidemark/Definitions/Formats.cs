using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

/// <summary>The kinds of value that configurations are made of.</summary>
public static class Formats
{
    /// <summary>Any text, not empty.</summary>
    public static Format<string> Text { get; } = Scalar("a text", s => s.IsNull || s.Text.Length == 0 ? (false, null) : (true, s.Text), () => Type("string", "number", "boolean"));

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static Format<bool> Boolean { get; } = Scalar("true or false", s => (s.Text is "true" or "false", s.Text is "true"), () => Type("boolean"));

    /// <summary>A text that is never shown.</summary>
    public static Format<Secret> Secret { get; } = new ScalarFormat<Secret>("a text that is not empty (is the environment variable set?)",
        s => s.IsNull || s.Text.Length == 0 ? (false, null) : (true, new Secret(s.Text)), () => Type("string"), secret: true);

    /// <summary><c>30s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c>, <c>250ms</c> or ISO 8601 (<c>PT1H30M</c>); not negative.</summary>
    public static Format<TimeSpan> Duration { get; } = Scalar("a duration such as 30s, 15m, 6h, 7d or PT1H30M",
        s => Durations.TryParse(s.Text, out var value) && value >= TimeSpan.Zero ? (true, value) : (false, default), () => Type("string"));

    /// <summary>An absolute http or https address.</summary>
    public static Format<Uri> HttpUrl { get; } = new ScalarFormat<Uri>("an absolute http:// or https:// address",
        s => Uri.TryCreate(s.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? (true, uri) : (false, null), () => Type("string"), secret: true);

    /// <summary>A path; a relative one is relative to the configuration file. <c>-</c> stays as it is.</summary>
    public static Format<string> FilePath { get; } = Scalar("a path", s => s.IsNull || s.Text.Length == 0 ? (false, null) : (true, InDirectoryOf(s.Location.File, s.Text)), () => Type("string"));

    /// <summary><c>20%</c> or <c>0.2</c>: a share from 0 to 1.</summary>
    public static Format<double> Share { get; } = Scalar("a share such as 20%", s =>
    {
        var percent = s.Text.EndsWith('%');
        var ok = double.TryParse(s.Text.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        number = percent ? number / 100 : number;
        return (ok && number is >= 0 and <= 1, number);
    }, () => Type("string", "number"));

    /// <summary><c>512KiB</c>, <c>4MiB</c>, <c>1GiB</c> or a number of bytes, at least 1, less than 1024 GiB.</summary>
    public static Format<long> ByteSize { get; } = Scalar("a size such as 512KiB or 4MiB", s =>
    {
        foreach (var (unit, factor) in new[] { ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1000L), ("MB", 1_000_000L), ("B", 1L), ("", 1L) })
        {
            if (s.Text.EndsWith(unit, StringComparison.Ordinal) && long.TryParse(s.Text.AsSpan(0, s.Text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return n > 0 && n < (1L << 40) / factor ? (true, n * factor) : (false, 0L);
        }
        return (false, 0L);
    }, () => Type("string", "integer"));

    /// <summary>A number, not negative, such as 1.5.</summary>
    public static Format<double> Number { get; } = Scalar("a number, at least 0",
        s => (double.TryParse(s.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1e12, value),
        () =>
        {
            var schema = Type("number");
            schema["minimum"] = 0;
            return schema;
        });

    /// <summary>A whole number in a range.</summary>
    /// <param name="min">Smallest.</param>
    /// <param name="max">Largest.</param>
    public static Format<long> Integer(long min = 0, long max = long.MaxValue) => Scalar(
        max == long.MaxValue ? $"a whole number, at least {min}" : $"a whole number from {min} to {max}",
        s => (long.TryParse(s.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max, value),
        () =>
        {
            var schema = Type("integer");
            schema["minimum"] = min;
            if (max != long.MaxValue) schema["maximum"] = max;
            return schema;
        });

    /// <summary>One of the names of an enumeration, in snake case: <c>LinkHeader</c> is <c>link_header</c>.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public static Format<T> OneOf<T>() where T : struct, Enum => OneOf(Enum.GetValues<T>().ToDictionary(v => Snake(v.ToString()), v => v, StringComparer.Ordinal));

    /// <summary>One of a few names.</summary>
    /// <typeparam name="T">What a name stands for.</typeparam>
    /// <param name="names">The names.</param>
    public static Format<T> OneOf<T>(IReadOnlyDictionary<string, T> names) => Scalar(
        "one of " + string.Join(", ", names.Keys),
        s => (names.TryGetValue(s.Text, out var value), value),
        () => new JsonObject { ["enum"] = new JsonArray([.. names.Keys.Select(k => JsonValue.Create(k))]) });

    /// <summary>A text that a parser turns into a value; the parser throws <see cref="FormatException"/> with a reason for what it cannot take.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="parse">The parser.</param>
    public static Format<T> Parsed<T>(Func<string, T> parse) => new ParsedFormat<T>(parse);

    /// <summary>A value that is made of what another format reads.</summary>
    /// <typeparam name="TRead">What is read.</typeparam>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="format">Reads.</param>
    /// <param name="make">Makes the value; it can't fail.</param>
    public static Format<T> Made<TRead, T>(Format<TRead> format, Func<TRead, T> make) => new MadeFormat<TRead, T>(format, make);

    /// <summary>A list.</summary>
    /// <typeparam name="T">Its items.</typeparam>
    /// <param name="item">How an item is read.</param>
    public static Format<IReadOnlyList<T>> List<T>(Format<T> item) => new ListFormat<T>(item, single: false);

    /// <summary>One value or a list of them.</summary>
    /// <typeparam name="T">Its items.</typeparam>
    /// <param name="item">How an item is read.</param>
    public static Format<IReadOnlyList<T>> OneOrMany<T>(Format<T> item) => new ListFormat<T>(item, single: true);

    /// <summary>Free keys with values of one kind.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="item">How a value is read.</param>
    public static Format<IReadOnlyDictionary<string, T>> Map<T>(Format<T> item) => new MapFormat<T>(item);

    /// <summary>The node as it stands, for values whose form the configuration does not know.</summary>
    public static Format<ConfigNode> Node { get; } = new NodeFormat();

    /// <summary>A path as seen from the directory of a file; <c>-</c> and absolute paths stay as they are.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path that stands in it.</param>
    public static string InDirectoryOf(string file, string path) => path is "-" ? path : Path.Combine(Path.GetDirectoryName(file) ?? "", path);

    internal static JsonObject Type(params string[] names) =>
        new() { ["type"] = names.Length == 1 ? names[0] : new JsonArray([.. names.Select(n => JsonValue.Create(n))]) };

    internal static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    private static ScalarFormat<T> Scalar<T>(string expected, Func<ScalarNode, (bool, T?)> parse, Func<JsonObject> schema) => new(expected, parse, schema);
}
