using System.Buffers.Binary;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>
/// Decimal numbers in PostgreSQL's binary form: how many digits of base 10 000, the place of the first (0: it counts ones), sign, decimals that are shown, then the
/// digits, 16 bits each.
/// </summary>
internal static class NumericValues
{
    private const int HeaderSize = 8;
    private const int DigitSize = sizeof(short);
    private const int Decimals = 4;
    private const int MaxWhole = 131_072;
    private const int MaxScale = 16_383;
    private const ushort Negative = 0x4000;

    /// <summary>Bytes that a number takes; null if numeric can't hold it.</summary>
    public static int? LengthOf(in DecimalText number)
    {
        if (number.Scale > MaxScale || (number.Length > 0 && number.Length - number.Scale > MaxWhole)) return null;
        return HeaderSize + (DigitSize * DigitsOf(number));
    }

    /// <summary>Writes a number.</summary>
    public static void Write(Span<byte> to, in DecimalText number)
    {
        var digits = DigitsOf(number);
        var first = FirstPlace(number);
        BinaryPrimitives.WriteInt16BigEndian(to, (short)digits);
        BinaryPrimitives.WriteInt16BigEndian(to[2..], (short)(digits == 0 ? 0 : first));
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], number.IsNegative && digits > 0 ? Negative : (ushort)0);
        BinaryPrimitives.WriteInt16BigEndian(to[6..], (short)Math.Max(0, number.Scale));
        to = to[HeaderSize..];
        for (int digit = 0, i = 0; digit < digits; digit++)
        {
            var value = 0;
            // The power of ten of each decimal in this digit, from the highest; where the number has none there is a 0.
            var power = ((first - digit) * Decimals) + Decimals - 1;
            for (var end = power - Decimals; power > end; power--)
            {
                value *= 10;
                if (i < number.Length && number.Length - number.Scale - 1 - i == power) value += number[i++];
            }
            BinaryPrimitives.WriteInt16BigEndian(to[(digit * DigitSize)..], (short)value);
        }
    }

    private static int DigitsOf(in DecimalText number) => number.Length == 0 ? 0 : FirstPlace(number) - PlaceOf(-number.Scale) + 1;

    private static int FirstPlace(in DecimalText number) => PlaceOf(number.Length - number.Scale - 1);

    // Which digit of base 10 000 a power of ten belongs to: -1 to -4 are the first behind the point.
    private static int PlaceOf(int power) => power >= 0 ? power / Decimals : -((Decimals - 1 - power) / Decimals);
}
