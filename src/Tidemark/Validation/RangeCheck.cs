using System.Globalization;

namespace Tidemark.Validation;

internal sealed class RangeCheck(RangeRule rule) : FieldCheck
{
    public override string? Misfit(in FieldValue value, in FieldValue other) =>
        value.IsNumber && IsWithin(value.Text) ? null : $"found {value.Describe()}, expected a number, {Bounds(rule.Min, rule.Max, "")}";

    private bool IsWithin(ReadOnlySpan<byte> digits)
    {
        if (decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return !(number < rule.Min) && !(number > rule.Max);
        // Beyond what a decimal holds, and so beyond any bound.
        return digits[0] == (byte)'-' ? rule.Min is null : rule.Max is null;
    }
}
