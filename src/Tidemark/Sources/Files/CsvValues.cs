using System.Buffers;
using System.Globalization;
using System.Text;
using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>Makes JSON values of CSV fields, without losing anything: what would not come back exactly as it was stays text.</summary>
internal static class CsvValues
{
    private const int MaxDigits = 18;
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Appends a field.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="field">Its bytes; invalid UTF-8 is passed on as it is, for the batch to refuse.</param>
    /// <param name="quoted">True if it stood between quotes: only then is an empty one a text.</param>
    public static void Write(PooledBuffer json, ReadOnlySpan<byte> field, bool quoted)
    {
        if (field.IsEmpty && !quoted) json.Write("null"u8);
        else if (field.SequenceEqual("true"u8) || field.SequenceEqual("false"u8) || IsCanonicalNumber(field)) json.Write(field);
        else WriteText(json, field);
    }

    /// <summary>True for <c>0</c>, <c>-12</c>, <c>12.50</c>; false for <c>007</c>, <c>+1</c>, <c>1e3</c>, <c>.5</c>, <c>-0</c> and more than 18 digits before or after the point.</summary>
    /// <param name="field">The bytes.</param>
    public static bool IsCanonicalNumber(ReadOnlySpan<byte> field)
    {
        var digits = field is [(byte)'-', ..] ? field[1..] : field;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        if (!AreDigits(whole) || (whole.Length > 1 && whole[0] == '0')) return false;
        if (point >= 0) return AreDigits(digits[(point + 1)..]);
        return digits.Length == field.Length || whole[0] != '0';
    }

    /// <summary>Appends a text between quotes.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="text">Its bytes.</param>
    public static void WriteText(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        json.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            json.Write(text[..at]);
            switch (text[at])
            {
                case (byte)'"': json.Write("\\\""u8); break;
                case (byte)'\\': json.Write("\\\\"u8); break;
                case (byte)'\n': json.Write("\\n"u8); break;
                case (byte)'\r': json.Write("\\r"u8); break;
                case (byte)'\t': json.Write("\\t"u8); break;
                default: json.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{text[at]:x4}"))); break;
            }
            text = text[(at + 1)..];
        }
        json.Write(text);
        json.Write("\""u8);
    }

    private static bool AreDigits(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= MaxDigits && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
