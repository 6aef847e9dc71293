using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tidemark.Records;

namespace Tidemark.Conformance.Support;

/// <summary>
/// One text for each value, whatever the type of the column that keeps it: a column that widens changes the form of its values, not the values. Instants are in UTC,
/// numbers have all their digits and no exponent, JSON has no white space and sorted names.
/// </summary>
internal static partial class Canonical
{
    /// <summary>A value of a record; null for null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The type that its column was declared to have; null: none.</param>
    public static string? OfRecord(JsonElement value, ColumnType? declared = null) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when declared == ColumnType.Json => OfJson(value),
        JsonValueKind.String when declared is ColumnType.Bigint or ColumnType.Double or ColumnType.Decimal => OfNumber(value.GetString()!),
        JsonValueKind.String => OfText(value.GetString()!),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        // 5.0 and 5 are different texts.
        JsonValueKind.Number when declared == ColumnType.Text => OfText(value.GetRawText()),
        JsonValueKind.Number => OfNumber(value.GetRawText()),
        _ => OfJson(value),
    };

    /// <summary>A text as it is stored: that of a text column, or what another column is written as.</summary>
    public static string OfText(string text)
    {
        if (Timestamps.TryParse(Encoding.UTF8.GetBytes(text), out var microseconds)) return OfInstant(microseconds);
        if (Exponent().IsMatch(text)) return OfNumber(text);
        if (text.Length == 0 || text[0] is not ('{' or '[')) return text;
        try
        {
            using var json = JsonDocument.Parse(text);
            return OfJson(json.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>JSON text.</summary>
    public static string OfJson(string text)
    {
        using var json = JsonDocument.Parse(text);
        return OfJson(json.RootElement);
    }

    /// <summary>A number, as JSON or a database writes it.</summary>
    public static string OfNumber(string text)
    {
        var parts = text.Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var scale = (point < 0 ? 0 : parts[0].Length - point - 1) - (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        for (; scale > 0 && digits % 10 == 0; scale--) digits /= 10;
        if (digits.IsZero) return "0";
        if (scale <= 0) return (digits * BigInteger.Pow(10, -scale)).ToString(CultureInfo.InvariantCulture);
        var whole = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(digits.Sign < 0 ? "-" : "")}{whole[..^scale]}.{whole[^scale..]}";
    }

    /// <summary>A floating-point number.</summary>
    public static string OfDouble(double number) => OfNumber(number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A point in time.</summary>
    /// <param name="microseconds">Since 1970.</param>
    public static string OfInstant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>Bytes, as JSON carries them.</summary>
    public static string OfBytes(byte[] bytes) => Convert.ToBase64String(bytes);

    private static string OfJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{JsonSerializer.Serialize(p.Name)}:{OfJson(p.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(OfJson))}]",
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Number => OfNumber(value.GetRawText()),
        _ => value.GetRawText(),
    };

    [GeneratedRegex(@"^-?\d+(\.\d+)?[eE][+-]?\d+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exponent();
}
