using System.Globalization;
using System.Text;

namespace Tidemark.Validation;

internal sealed class TooSimilarCheck(TooSimilarRule rule) : FieldCheck
{
    private readonly (byte[] Text, ShingleSet Shingles)[] _given = [.. rule.To.Select(Read)];
    private readonly ShingleSet _value = new();
    private readonly ShingleSet _other = new();

    public override string? Misfit(in FieldValue value, in FieldValue other)
    {
        if (!value.IsText) return $"found {value.Describe()}, expected a text";
        if (!other.IsNothing && !other.IsText) return $"found {other.Describe()} in '{rule.ToField}', expected a text to compare with";
        _value.Read(value.Text);
        foreach (var (text, shingles) in _given)
        {
            if (_value.Similarity(shingles) >= rule.AtLeast) return TooSimilar(value, shingles, FieldValue.Quote(text));
        }
        if (other.IsNothing) return null;
        _other.Read(other.Text);
        return _value.Similarity(_other) >= rule.AtLeast ? TooSimilar(value, _other, $"'{rule.ToField}'") : null;
    }

    private string TooSimilar(in FieldValue value, ShingleSet shingles, string to) => string.Create(CultureInfo.InvariantCulture,
        $"found {value.Describe()} with a similarity of {_value.Similarity(shingles):0.###} to {to}, expected less than {rule.AtLeast:0.###}");

    private static (byte[] Text, ShingleSet Shingles) Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var shingles = new ShingleSet();
        shingles.Read(bytes);
        return (bytes, shingles);
    }
}
