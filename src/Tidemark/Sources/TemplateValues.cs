using Tidemark.Records;

namespace Tidemark.Sources;

/// <summary>What the names in a template stand for. A name without a value makes the parameter that needs it be left out.</summary>
public sealed record TemplateValues
{
    /// <summary>The present time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The stream's watermark, as the source wrote it.</summary>
    public string? Watermark { get; init; }

    /// <summary>When the stream's last complete scan started.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The slice that is read; null: the stream has none.</summary>
    public SliceValues? Slice { get; init; }

    /// <summary>The fields of the parent record.</summary>
    public IReadOnlyDictionary<string, string>? Parent { get; init; }

    /// <summary>The fields, by their paths, of each record that one call is about. In a text their values stand side by side, with commas between; an item of a list is written for each of them.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Records { get; init; } = [];

    /// <summary>The parameters of a lookup's caller, by name; null: nobody asks.</summary>
    public IReadOnlyDictionary<string, ScalarValue>? Request { get; init; }
}
