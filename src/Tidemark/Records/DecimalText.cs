namespace Tidemark.Records;

/// <summary>A decimal number in ASCII, taken apart: <c>-12.50e3</c>. No digit is lost, whatever the length.</summary>
public readonly ref struct DecimalText
{
    // Far beyond what any database holds, and sums of it stay far from the bounds of an int.
    private const int LargestExponent = 100_000_000;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly int _zeros;

    private DecimalText(bool isNegative, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int exponent)
    {
        // Leading zeros say nothing, neither before nor behind the point.
        whole = whole.TrimStart((byte)'0');
        _zeros = whole.IsEmpty ? fraction.Length - fraction.TrimStart((byte)'0').Length : 0;
        _whole = whole;
        _fraction = fraction[_zeros..];
        IsNegative = isNegative;
        Scale = fraction.Length - exponent;
    }

    /// <summary>True behind a minus sign, also for -0.</summary>
    public bool IsNegative { get; }

    /// <summary>How many digits there are, from the first that is not 0; 0 digits: the number is 0.</summary>
    public int Length => _whole.Length + _fraction.Length;

    /// <summary>How many of the digits stand behind the decimal point; below 0 when zeros follow them.</summary>
    public int Scale { get; }

    /// <summary>A digit, from the left, 0 to 9.</summary>
    /// <param name="index">Which one.</param>
    public int this[int index] => (index < _whole.Length ? _whole[index] : _fraction[index - _whole.Length]) - '0';

    /// <summary>Reads a number; false if the text is none.</summary>
    /// <param name="text">ASCII: a sign, digits with one point among them, an exponent.</param>
    /// <param name="number">The number; it looks at the text's bytes.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out DecimalText number)
    {
        number = default;
        var isNegative = text is [(byte)'-', ..];
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        var exponent = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            if (!TryExponent(text[(e + 1)..], out exponent)) return false;
            text = text[..e];
        }
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        number = new DecimalText(isNegative, whole, fraction, exponent);
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var isNegative = text is [(byte)'-', ..];
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        foreach (var digit in text) exponent = Math.Min(LargestExponent, (exponent * 10) + (digit - '0'));
        if (isNegative) exponent = -exponent;
        return true;
    }
}
