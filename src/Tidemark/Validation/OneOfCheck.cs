using System.Text;

namespace Tidemark.Validation;

internal sealed class OneOfCheck(OneOfRule rule) : FieldCheck
{
    private const int MostShown = 10;

    private readonly byte[][] _values = [.. rule.Values.Select(Encoding.UTF8.GetBytes)];

    public override string? Misfit(in FieldValue value, in FieldValue other)
    {
        if (value.IsScalar)
        {
            foreach (var one in _values)
            {
                if (value.Text.SequenceEqual(one)) return null;
            }
        }
        var shown = string.Join(", ", _values.Take(MostShown).Select(v => FieldValue.Quote(v)));
        return $"found {value.Describe()}, expected one of {shown}{(_values.Length > MostShown ? $" and {_values.Length - MostShown} more" : "")}";
    }
}
