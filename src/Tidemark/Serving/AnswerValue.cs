using System.Text.RegularExpressions;
using Tidemark.Definitions;

namespace Tidemark.Serving;

/// <summary>A member of an endpoint's answer: one of the names of the usual answer, several counts added up, or a text with <c>{name}</c> in it.</summary>
public sealed partial record AnswerValue
{
    private static readonly string[] Counts = ["received", "accepted", "inserted", "updated", "unchanged", "duplicates", "rejected", "items_omitted"];
    private static readonly string[] Texts = ["status", "batch_id"];
    private static readonly string[] Lists = ["items", "messages"];

    private AnswerValue(IReadOnlyList<string> names, string? text) => (Names, Text) = (names, text);

    /// <summary>The name whose value it is, or the counts that are added up.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The text, with its names in braces; null: it is none.</summary>
    public string? Text { get; }

    /// <summary>A value as it is written: a name, or a text with at least one <c>{name}</c>.</summary>
    /// <param name="text">What is written.</param>
    /// <exception cref="FormatException">It is neither; the message says what is known.</exception>
    public static AnswerValue Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] all = [.. Counts, .. Texts, .. Lists];
        if (all.Contains(text, StringComparer.Ordinal)) return new AnswerValue([text], text: null);
        var names = Placeholder().Matches(text).Select(m => m.Groups["name"].Value).ToList();
        string[] inTexts = [.. Counts, .. Texts];
        if (names.FirstOrDefault(n => !inTexts.Contains(n, StringComparer.Ordinal)) is { } unknown) throw new FormatException($"found '{{{unknown}}}' in '{text}'{NearestName.Hint(unknown, inTexts)}");
        return names.Count > 0 ? new AnswerValue([], text) : throw new FormatException($"found '{text}', expected a name of the answer or a text with one in braces, such as \"Took {{accepted}} records\"{NearestName.Hint(text, all)}");
    }

    /// <summary>Several counts added up.</summary>
    /// <param name="counts">Their names.</param>
    /// <exception cref="FormatException">One is no count.</exception>
    public static AnswerValue Sum(IReadOnlyList<string> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0) throw new FormatException("found an empty list, expected counts such as [updated, unchanged]");
        if (counts.FirstOrDefault(n => !Counts.Contains(n, StringComparer.Ordinal)) is { } unknown) throw new FormatException($"found '{unknown}', which is no count{NearestName.Hint(unknown, Counts)}");
        return new AnswerValue(counts, text: null);
    }

    /// <summary>A text with its names replaced.</summary>
    /// <param name="value">What a name stands for.</param>
    public string Fill(Func<string, string> value) => Placeholder().Replace(Text!, m => value(m.Groups["name"].Value));

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
