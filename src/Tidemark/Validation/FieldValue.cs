using System.Text;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Validation;

/// <summary>The value of a field while its record is judged.</summary>
/// <param name="type">What it is; none: the field is absent.</param>
/// <param name="text">The text, unescaped; the digits of a number; <c>true</c> or <c>false</c>.</param>
internal readonly ref struct FieldValue(JsonTokenType type, ReadOnlySpan<byte> text)
{
    private const int Longest = 40;

    /// <summary>The text, unescaped; the digits of a number; <c>true</c> or <c>false</c>.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    public bool IsNothing => type is JsonTokenType.None or JsonTokenType.Null;

    public bool IsText => type == JsonTokenType.String;

    public bool IsNumber => type == JsonTokenType.Number;

    public bool IsScalar => IsText || IsNumber || type is JsonTokenType.True or JsonTokenType.False;

    /// <summary>The value on its own; it must be a scalar.</summary>
    public ScalarValue ToScalar() => new(IsText ? ScalarKind.Text : IsNumber ? ScalarKind.Number : ScalarKind.Boolean, Encoding.UTF8.GetString(Text));

    /// <summary>What was found, in words and shortened.</summary>
    public string Describe() => type switch
    {
        JsonTokenType.None => "nothing",
        JsonTokenType.String => $"the text {Quote(Text)}",
        JsonTokenType.Number => $"the number {Shorten(Encoding.UTF8.GetString(Text))}",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>A text in quotes, shortened.</summary>
    public static string Quote(ReadOnlySpan<byte> text) => $"'{Shorten(Encoding.UTF8.GetString(text))}'";

    // Never between the halves of a pair.
    private static string Shorten(string text) =>
        text.Length <= Longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest), "…");
}
