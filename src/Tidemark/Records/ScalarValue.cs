using System.Text;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>A single JSON value that is neither null nor an object nor a list: what a key or a reference may be.</summary>
/// <param name="Kind">What it was in JSON.</param>
/// <param name="Text">A text without its quotes and escapes; a number as it was written; <c>true</c> or <c>false</c>.</param>
public readonly record struct ScalarValue(ScalarKind Kind, string Text)
{
    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    public static ScalarValue Of(string text) => new(ScalarKind.Text, text);

    /// <summary>Reads the value that the reader stands on; false if it is null, an object or a list.</summary>
    /// <param name="reader">Stands on a value, and stays there.</param>
    /// <param name="scalar">The value.</param>
    /// <exception cref="InvalidOperationException">It is a text with escapes that are no character, such as a lone surrogate.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out ScalarValue scalar)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                scalar = Of(reader.GetString()!);
                return true;
            case JsonTokenType.Number:
                scalar = new ScalarValue(ScalarKind.Number, Encoding.ASCII.GetString(reader.ValueSpan));
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                scalar = new ScalarValue(ScalarKind.Boolean, reader.TokenType == JsonTokenType.True ? "true" : "false");
                return true;
            default:
                scalar = default;
                return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
