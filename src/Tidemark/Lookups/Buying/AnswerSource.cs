using Tidemark.Lookups.Keys;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Lookups.Buying;

/// <summary>Asks the source for answers, of one key or, where a call may ask for several, of a group.</summary>
/// <param name="definition">The lookup.</param>
/// <param name="source">Who is asked.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerSource(LookupDefinition definition, ISource source, TimeProvider time)
{
    private readonly JsonPath? _match = definition.Batch is { } batch ? JsonPath.Parse(batch.Match) : null;

    /// <summary>Puts keys into groups for one call each: they agree in all parameters but one, and no value of that comes twice.</summary>
    public IEnumerable<IReadOnlyList<LookupKey>> GroupsOf(IEnumerable<LookupKey> keys)
    {
        if (definition.Batch is not { } batch) return keys.Select(IReadOnlyList<LookupKey> (k) => [k]);
        // Of two with one value nobody could tell the answers apart; a value with a comma in it would look like two.
        return keys
            .GroupBy(k => string.Join('\0', k.Values.Where(v => !string.Equals(v.Key, batch.Param, StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value.Text}")), StringComparer.Ordinal)
            .SelectMany(g => g.Chunk(batch.Size).SelectMany(c => c.Any(HasComma) ? c.Select(k => new[] { k }) : [c]));

        bool HasComma(LookupKey key) => key.Values.TryGetValue(batch.Param, out var value) && value.Text.Contains(',', StringComparison.Ordinal);
    }

    /// <summary>Makes one call.</summary>
    /// <param name="group">What is asked.</param>
    /// <param name="counters">Where it is counted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer to each key, UTF-8 JSON; null: there is none.</returns>
    /// <exception cref="SourceException">The call failed.</exception>
    /// <exception cref="Quotas.ParkedException">The source, or the quota, wants a long wait.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>?>> AskAsync(IReadOnlyList<LookupKey> group, StreamCounters counters, CancellationToken cancellationToken)
    {
        var request = new ReadRequest { Stream = definition.Name, Request = definition.Request, Values = ValuesOf(group), Counters = counters };
        await foreach (var page in source.ReadAsync(request, cancellationToken))
        {
            using (page) return AnswersOf(group, page);
        }
        throw new SourceException("the source gave no answer");
    }

    private TemplateValues ValuesOf(IReadOnlyList<LookupKey> group)
    {
        var values = group[0].Values;
        if (definition.Batch is { } batch && group.Count > 1)
        {
            var joined = ScalarValue.Of(string.Join(',', group.Select(k => k.Values[batch.Param].Text)));
            values = new Dictionary<string, ScalarValue>(values, StringComparer.Ordinal) { [batch.Param] = joined };
        }
        return new TemplateValues { Now = time.GetUtcNow(), Request = values };
    }

    private ReadOnlyMemory<byte>?[] AnswersOf(IReadOnlyList<LookupKey> group, Page page)
    {
        if (definition.Batch is not { } batch) return [page.Records.Count == 0 ? null : Kept(page.Record(0))];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < page.Records.Count; i++)
        {
            if (page.Record(i)[0] == (byte)'{' && _match!.FindText(page.Record(i)) is { } value) found.TryAdd(value, i);
        }
        return [.. group.Select(k => found.TryGetValue(k.Values[batch.Param].Text, out var at) ? Kept(page.Record(at)) : null)];
    }

    // The page's bytes are given back.
    private static ReadOnlyMemory<byte>? Kept(ReadOnlySpan<byte> record) => record.SequenceEqual("null"u8) ? null : new ReadOnlyMemory<byte>(record.ToArray());
}
