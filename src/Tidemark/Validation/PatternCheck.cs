using System.Buffers;
using System.Text;

namespace Tidemark.Validation;

internal sealed class PatternCheck(PatternRule rule) : FieldCheck
{
    private const int Short = 256;

    public override string? Misfit(in FieldValue value, in FieldValue other) =>
        value.IsText && IsMatch(value.Text) ? null : $"found {value.Describe()}, expected a text that matches {rule.Pattern}";

    private bool IsMatch(ReadOnlySpan<byte> text)
    {
        // A text has no more characters than bytes.
        var rented = text.Length > Short ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        try
        {
            Span<char> characters = rented ?? stackalloc char[Short];
            return rule.Pattern.IsMatch(characters[..Encoding.UTF8.GetChars(text, characters)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        }
    }
}
