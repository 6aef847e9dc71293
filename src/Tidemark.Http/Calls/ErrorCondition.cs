using System.Globalization;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Http.Calls;

/// <summary>A comparison with a value in a body: <c>errors[0].extensions.code == 'THROTTLED'</c>. What is not there is null.</summary>
internal sealed class ErrorCondition
{
    private readonly string _text;
    private readonly JsonPath _path;
    private readonly bool _equal;
    private readonly (JsonValueKind Kind, string Text) _expected;

    private ErrorCondition(string text, JsonPath path, bool equal, (JsonValueKind Kind, string Text) expected)
    {
        _text = text;
        _path = path;
        _equal = equal;
        _expected = expected;
    }

    /// <summary>Reads a condition.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no condition; the message says why.</exception>
    public static ErrorCondition Parse(string text)
    {
        var at = OperatorIn(text);
        if (at <= 0) throw new FormatException($"found '{text}', expected a path, == or !=, and a value, such as errors[0].extensions.code == 'THROTTLED'");
        return new ErrorCondition(text, JsonPath.Parse(text[..at].Trim()), text[at] == '=', ValueOf(text[(at + 2)..].Trim(), text));
    }

    /// <summary>True if it holds; a body that is not JSON fulfils no condition.</summary>
    /// <param name="body">The body.</param>
    public bool Holds(ReadOnlySpan<byte> body)
    {
        try
        {
            if (body.IsEmpty) return false;
            return Same(_path.TryFind(body, out var slice) ? body.Slice(slice.Offset, slice.Length) : "null"u8) == _equal;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override string ToString() => _text;

    private bool Same(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return (_expected.Kind, reader.TokenType) switch
        {
            (JsonValueKind.String, JsonTokenType.String) => reader.ValueTextEquals(_expected.Text),
            (JsonValueKind.Number, JsonTokenType.Number) => reader.TryGetDecimal(out var number) && number == decimal.Parse(_expected.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
            (JsonValueKind.True, JsonTokenType.True) or (JsonValueKind.False, JsonTokenType.False) or (JsonValueKind.Null, JsonTokenType.Null) => true,
            _ => false,
        };
    }

    // The first operator that is not inside quotes: a path may hold ['a==b'].
    private static int OperatorIn(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (quote != '\0')
            {
                if (text[i] == quote) quote = '\0';
            }
            else if (text[i] is '\'' or '"')
            {
                quote = text[i];
            }
            else if (text[i] is '=' or '!' && text[i + 1] == '=')
            {
                return i;
            }
        }
        return -1;
    }

    private static (JsonValueKind Kind, string Text) ValueOf(string value, string text) => value switch
    {
        "true" => (JsonValueKind.True, value),
        "false" => (JsonValueKind.False, value),
        "null" => (JsonValueKind.Null, value),
        [('\'' or '"') and var quote, .., var last] when quote == last && value.Length >= 2 => (JsonValueKind.String, value[1..^1]),
        _ when decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => (JsonValueKind.Number, value),
        _ => throw new FormatException($"found '{value}' in '{text}', expected a quoted text, a number, true, false or null"),
    };
}
