namespace Tidemark.Validation;

internal sealed class LengthCheck(LengthRule rule) : FieldCheck
{
    public override string? Misfit(in FieldValue value, in FieldValue other)
    {
        if (!value.IsText) return $"found {value.Describe()}, expected a text of {Expected}";
        var length = CodePoints(value.Text);
        return length < rule.Min || length > rule.Max
            ? $"found {length} character{(length == 1 ? "" : "s")} ({FieldValue.Quote(value.Text)}), expected {Expected}"
            : null;
    }

    private string Expected => Bounds(rule.Min, rule.Max, " characters");

    // Each code point has one byte that does not continue another one.
    private static long CodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0L;
        foreach (var b in text) count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}
