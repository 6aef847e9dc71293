using Tidemark.Records;

namespace Tidemark.Enrichment;

/// <summary>Tells which answer of a call belongs to which question. Pure.</summary>
/// <param name="match">What they have in common; null: their order.</param>
internal sealed class AnswerMatching(EnrichmentMatch? match)
{
    private static readonly ReadOnlyMemory<byte> Nothing = "null"u8.ToArray();
    private readonly JsonPath? _field = match is null ? null : JsonPath.Parse(match.Answer);

    /// <summary>The answers in the order of the questions, null where there is none; null if that can't be told.</summary>
    /// <param name="questions">What was asked, by one call.</param>
    /// <param name="page">What was answered.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Of(IReadOnlyList<Question> questions, Page page)
    {
        if (_field is not null) return ByField(questions, page, _field);
        if (questions.Count == 1) return [page.Records.Count == 0 ? Nothing : page.Record(0).ToArray()];
        return page.Records.Count == questions.Count ? [.. Enumerable.Range(0, questions.Count).Select(i => (ReadOnlyMemory<byte>)page.Record(i).ToArray())] : null;
    }

    // Whose answer nobody has asked for is passed over, as is what has no such field; of two for one question the first counts.
    private static IReadOnlyList<ReadOnlyMemory<byte>> ByField(IReadOnlyList<Question> questions, Page page, JsonPath field)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < page.Records.Count; i++)
        {
            if (page.Record(i)[0] == (byte)'{' && field.FindText(page.Record(i)) is { } key) found.TryAdd(key, i);
        }
        return [.. questions.Select(q => found.TryGetValue(q.Key!, out var at) ? page.Record(at).ToArray() : Nothing)];
    }
}
