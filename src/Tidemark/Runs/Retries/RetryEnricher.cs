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
        if (enricher is null) return [.. records.Select(r => new RetriedRecord(r, r.Payload, Problem: null))];
        using var slots = new SemaphoreSlim(enricher.Parallel);
        return await Task.WhenAll(records.Select(r => OneAsync(enricher, r, slots, stopping)));
    }

    private async Task<RetriedRecord> OneAsync(Enricher asks, FailedRecord record, SemaphoreSlim slots, CancellationToken stopping)
    {
        // What is no object is refused as such.
        if (asks.About(record.Payload.Span) is not { } question || asks.IsEnriched(record.Payload.Span)) return new RetriedRecord(record, record.Payload, Problem: null);
        await slots.WaitAsync(stopping);
        try
        {
            var known = await asks.KnownAsync([question.Id], stopping);
            var answer = known.TryGetValue(question.Id, out var kept) ? kept : await asks.AskAsync(question, stopping);
            return new RetriedRecord(record, asks.Enriched(record.Payload.Span, answer.Span), Problem: null);
        }
        catch (Exception e) when (e is SourceException or ParkedException)
        {
            return new RetriedRecord(record, record.Payload, new Rejection($"{into}: enrich", $"{into}: enrich: {e.Message}"));
        }
        finally
        {
            slots.Release();
        }
    }
}
