namespace Tidemark.Conformance.Sequences;

/// <summary>What happens to a stream, step by step; it shrinks to fewer steps and fewer records.</summary>
/// <param name="Steps">The steps.</param>
public sealed record Sequence(IReadOnlyList<Step> Steps)
{
    public override string ToString() => "\n" + string.Join('\n', Steps);

    /// <summary>Smaller ones, the smallest first.</summary>
    public IEnumerable<Sequence> Shrink()
    {
        for (var width = Steps.Count / 2; width > 0; width /= 2)
        {
            for (var at = 0; at + width <= Steps.Count; at += width) yield return new Sequence([.. Steps.Take(at), .. Steps.Skip(at + width)]);
        }
        for (var at = 0; at < Steps.Count; at++)
        {
            var step = Steps[at];
            for (var record = 0; step.Records.Count > 1 && record < step.Records.Count; record++)
                yield return new Sequence([.. Steps.Take(at), step with { Records = [.. step.Records.Where((_, i) => i != record)] }, .. Steps.Skip(at + 1)]);
        }
    }
}
