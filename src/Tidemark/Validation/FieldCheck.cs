namespace Tidemark.Validation;

/// <summary>A rule, ready to judge values. Owned by one task: it may use memory of its own again and again.</summary>
internal abstract class FieldCheck
{
    /// <summary>True if the rule has something to say on a value; most have not where there is none.</summary>
    public virtual bool Concerns(in FieldValue value) => !value.IsNothing;

    /// <summary>Null if the value keeps the rule, without allocating anything; else what was found and what was expected.</summary>
    /// <param name="value">A value that the rule concerns.</param>
    /// <param name="other">The value of the rule's other field; nothing where it has none.</param>
    public abstract string? Misfit(in FieldValue value, in FieldValue other);

    public static FieldCheck Of(FieldRule rule) => rule switch
    {
        RequiredRule => new RequiredCheck(),
        LengthRule length => new LengthCheck(length),
        RangeRule range => new RangeCheck(range),
        PatternRule pattern => new PatternCheck(pattern),
        OneOfRule oneOf => new OneOfCheck(oneOf),
        TooSimilarRule similar => new TooSimilarCheck(similar),
        _ => throw new ArgumentException($"there is no check for the rule '{rule.Name}'", nameof(rule)),
    };

    protected static string Bounds<T>(T? min, T? max, string unit) where T : struct => (min, max) switch
    {
        ({ } least, { } highest) => FormattableString.Invariant($"{least} to {highest}{unit}"),
        ({ } least, null) => FormattableString.Invariant($"at least {least}{unit}"),
        _ => FormattableString.Invariant($"at most {max}{unit}"),
    };
}
