using System.Globalization;
using Tidemark.Records;

namespace Tidemark.MongoDb.Bson;

/// <summary>Decimal numbers of 34 digits, as BSON has them: the binary form of IEEE 754-2008's decimal128.</summary>
internal static class Decimal128
{
    private const int MaxDigits = 34, Bias = 6176, MaxExponent = 6111, ExponentAt = 113, SignAt = 127;

    /// <summary>Makes one of a number in ASCII; false if not all its digits fit.</summary>
    public static bool TryEncode(ReadOnlySpan<byte> text, out UInt128 value)
    {
        value = default;
        if (!DecimalText.TryParse(text, out var number)) return false;
        var (length, exponent) = (number.Length, -(long)number.Scale);
        // Zeros at the end can be said by the exponent.
        while (length > 0 && (length > MaxDigits || exponent < -Bias) && number[length - 1] == 0) (length, exponent) = (length - 1, exponent + 1);
        if (length == 0) exponent = Math.Clamp(exponent, -Bias, MaxExponent);
        UInt128 digits = 0;
        for (var i = 0; i < length && i < MaxDigits; i++) digits = (digits * 10) + (uint)number[i];
        // And those that the exponent has no room for, by digits.
        for (; exponent > MaxExponent && length < MaxDigits; length++, exponent--) digits *= 10;
        if (length > MaxDigits || exponent is < -Bias or > MaxExponent) return false;
        value = ((UInt128)(number.IsNegative ? 1u : 0u) << SignAt) | ((UInt128)(ulong)(exponent + Bias) << ExponentAt) | digits;
        return true;
    }

    /// <summary>One as text; <c>NaN</c> and infinities in words.</summary>
    public static string Text(UInt128 value)
    {
        var isNegative = (value >> SignAt) != 0;
        var combination = (uint)(value >> 122) & 0x1F;
        if (combination == 0x1F) return "NaN";
        if (combination == 0x1E) return isNegative ? "-Infinity" : "Infinity";
        // The other form of the exponent stands for digits that are none.
        var isOther = (combination >> 3) == 3;
        var exponent = (int)(uint)((value >> (isOther ? 111 : ExponentAt)) & 0x3FFF) - Bias;
        var digits = (isOther ? UInt128.Zero : value & ((UInt128.One << ExponentAt) - 1)).ToString(CultureInfo.InvariantCulture);
        var sign = isNegative ? "-" : "";
        if (exponent == 0) return sign + digits;
        if (exponent > 0 || -exponent > MaxDigits + 6) return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits}E{exponent:+0;-0}");
        digits = digits.PadLeft(1 - exponent, '0');
        return $"{sign}{digits[..^-exponent]}.{digits[^-exponent..]}";
    }
}
