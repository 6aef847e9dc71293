using Tidemark.Records;

namespace Tidemark.Validation;

/// <summary>What a field of each record of a stream has to be. A record that breaks a rule is not written: it is a failed record.</summary>
/// <param name="Field">Where the value is, in the record as it arrives; <see cref="JsonPath.IsField"/> holds for it.</param>
/// <param name="Rule">What it has to be.</param>
public sealed record ValidationRule(JsonPath Field, FieldRule Rule)
{
    /// <summary>Why the rule is there, in the user's words; null: they gave none.</summary>
    public string? Reason { get; init; }

    /// <summary>What rejections are counted under: field and rule, as in <c>name: required</c>. It holds nothing of a record.</summary>
    public string Key => $"{Field}: {Rule.Name}";
}
