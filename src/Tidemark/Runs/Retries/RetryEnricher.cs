using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Quotas;
using Tidemark.Sources;
using Tidemark.Validation;

namespace Tidemark.Runs.Retries;

/// <summary>Has failed records enriched that have no answer yet; whatever goes wrong is the record's new reason.</summary>
/// <param name="enricher">Asks; null: nobody does.</param>
/// <param name="into">The field that takes the answer.</param>
internal sealed class RetryEnricher(Enricher? enricher, string? into)
{
    /// <summary>Has them enriched, many at once.</summary>
    public async Task<IReadOnlyList<RetriedRecord>> RunAsync(IReadOnlyList<FailedRecord> records, CancellationToken stopping)
    {
        if (enricher is not { } asks) return [.. records.Select(Unasked)];
        // What is no object is refused as such.
        var questions = records.Select(r => asks.IsEnriched(r.Payload.Span) ? null : asks.About(r.Payload.Span)).ToList();
        var answers = await asks.BeginAsync(questions.OfType<Question>(), stopping);
        return await Task.WhenAll(records.Zip(questions, (record, question) => question is null ? Task.FromResult(Unasked(record)) : AnsweredAsync(asks, record, answers[question.Id])));
    }

    private static RetriedRecord Unasked(FailedRecord record) => new(record, record.Payload, Problem: null);

    private async Task<RetriedRecord> AnsweredAsync(Enricher asks, FailedRecord record, Task<ReadOnlyMemory<byte>> answer)
    {
        try
        {
            var json = await answer;
            return new RetriedRecord(record, asks.Enriched(record.Payload.Span, json.Span), Problem: null);
        }
        catch (Exception e) when (e is SourceException or ParkedException)
        {
            return new RetriedRecord(record, record.Payload, new Rejection($"{into}: enrich", $"{into}: enrich: {e.Message}"));
        }
    }
}
