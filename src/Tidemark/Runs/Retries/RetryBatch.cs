using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Runs.Retries;

/// <summary>Failed records that are tried again in one transaction, read anew, and judged by its rules, as the stream is configured now.</summary>
internal sealed class RetryBatch : IDisposable
{
    private readonly RecordBatch _batch;
    private readonly List<FailedRecord> _rows = [];
    private readonly List<RefusedRetry> _wrong = [];

    public RetryBatch(BatchSchema schema, KnownFields known, RecordValidator validator, IEnumerable<RetriedRecord> records)
    {
        _batch = new RecordBatch(schema, known);
        foreach (var (record, json, problem) in records)
        {
            if ((problem ?? validator.Judge(json.Span)) is { } rejection) _wrong.Add(new RefusedRetry(record, rejection.Reason, rejection.Key));
            else if (_batch.Add(json.Span) is { } wrong) _wrong.Add(new RefusedRetry(record, wrong, Rule: null));
            else _rows.Add(record);
        }
    }

    /// <summary>Writes each record under a savepoint of its own: one that is refused does not disturb the others.</summary>
    public async Task<RetryOutcome> WriteAsync(IBatchTransaction transaction, CancellationToken cancellationToken)
    {
        var outcome = new RetryOutcome([], [], [.. _wrong]);
        for (var row = 0; row < _rows.Count; row++)
        {
            try
            {
                var counts = await transaction.WriteAsync(_batch, row, 1, cancellationToken);
                (counts.Older > 0 ? outcome.Superseded : outcome.Resolved).Add(_rows[row]);
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Record)
            {
                outcome.Refused.Add(new RefusedRetry(_rows[row], e.Message, Rule: null));
            }
        }
        return outcome;
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>What became of the records.</summary>
    internal sealed record RetryOutcome(List<FailedRecord> Resolved, List<FailedRecord> Superseded, List<RefusedRetry> Refused);

    /// <summary>A record that is refused again.</summary>
    /// <param name="Record">The record.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Rule">What it is counted under, where a rule or an enrichment refuses it; null: something else does.</param>
    internal sealed record RefusedRetry(FailedRecord Record, string Reason, string? Rule);
}
