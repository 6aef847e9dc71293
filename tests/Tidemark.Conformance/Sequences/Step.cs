using System.Text;

namespace Tidemark.Conformance.Sequences;

/// <summary>A step of a sequence.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Records">Its records, JSON.</param>
/// <param name="Field">Its field.</param>
public sealed record Step(StepKind Kind, IReadOnlyList<string> Records, string Field = "")
{
    public override string ToString()
    {
        var text = new StringBuilder().Append("  ").Append(Kind);
        if (Field.Length > 0) text.Append(' ').Append(Field);
        foreach (var record in Records) text.Append("\n    ").Append(record);
        return text.ToString();
    }
}
