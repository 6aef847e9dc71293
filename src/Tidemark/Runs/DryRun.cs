using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;
using Tidemark.Validation;

namespace Tidemark.Runs;

/// <summary>Reads one page a stream, as the next run would, and writes nothing.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="options">What the run would be asked to do.</param>
/// <param name="time">The clock.</param>
public sealed class DryRun(PipelineDefinition pipeline, RunOptions options, TimeProvider time)
{
    private const int Samples = 3;

    /// <summary>Where the state of quotas is kept, as calls pass them here too; null (default): it ends with the call.</summary>
    public IQuotaLedger? Ledger { get; init; }

    /// <summary>Reads a page of a stream and tells what would come of it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SourceException">The source failed.</exception>
    /// <exception cref="ParkedException">The source asks for a long wait.</exception>
    /// <exception cref="DestinationException">The destination failed.</exception>
    public async Task<DryRunReport> ReadAsync(StreamDefinition stream, CancellationToken cancellationToken)
    {
        var counters = new StreamCounters();
        var warnings = new List<string>();
        var checkpoint = await CheckpointAsync(stream, cancellationToken);
        var slice = SlicedImport.IsWhole(stream, options, checkpoint) ? null : stream.Slices?.All(time.GetUtcNow()) is [var first, ..] ? first : null;
        var plan = StreamPlan.Of(stream, options, checkpoint, tableHadRows: false, time.GetUtcNow(), slice);
        var values = plan.Values;
        if (stream.Parent is { } parent)
        {
            var above = pipeline.Streams.Single(s => string.Equals(s.Name, parent.Stream, StringComparison.Ordinal));
            using var parents = await FirstPageAsync(above, plan.Values, counters, warnings.Add, cancellationToken);
            if (parents.Records.Count == 0) return new DryRunReport { Stream = stream.Name, Mode = plan.Mode, Requests = counters[Counter.Requests], Warnings = [$"'{parent.Stream}' has no record to make a call for"] };
            values = values with { Parent = ParentQueue.Fields(ParentQueue.Item(parents.Record(0), parent.Include)) };
        }
        using var page = await FirstPageAsync(stream, values, counters, warnings.Add, cancellationToken);
        return Describe(stream, plan, page, counters, warnings);
    }

    private static DryRunReport Describe(StreamDefinition stream, StreamPlan plan, Page page, StreamCounters counters, List<string> warnings)
    {
        using var batch = new RecordBatch(stream.Target("").Schema);
        var cursors = CursorFieldReader.Of(stream, plan.Scan).Read(page);
        var decision = new Scan(plan.Scan, warn: warnings.Add).Decide(cursors, i => RecordHash.Of(page.Record(i)), page.ServerTime ?? plan.Scan.StartedAt);
        // Rules are for enriched records, and enrichment is not for trying out: its calls cost something.
        var validator = new RecordValidator(stream.Enrichment is null ? stream.Rules : []);
        if (stream.Enrichment is not null) warnings.Add("a dry run does not enrich records, and does not ask the rules of validate, which are for enriched ones");
        var refused = new List<string>();
        for (var i = 0; i < page.Records.Count; i++)
        {
            if ((validator.Judge(page.Record(i))?.Reason ?? batch.Add(page.Record(i))) is { } wrong) refused.Add(wrong);
        }
        // What is wrong with all of them is in the configuration rather than in the records.
        if (refused.Count > 0 && refused.Count == page.Records.Count) warnings.Add($"every record of the page would be refused; the first one: {refused[0]}");
        if (plan.Scan.Incremental is not null && stream.Incremental is { } incremental && cursors.Length > 0 && Array.TrueForAll(cursors, c => c is null))
            warnings.Add($"no record of the page has a value in the cursor_field '{incremental.CursorField}'{NearestName.Hint(incremental.CursorField, [.. batch.Columns.Select(c => c.Field)])}");
        return new DryRunReport
        {
            Stream = stream.Name,
            Mode = plan.Mode,
            Requests = counters[Counter.Requests],
            Records = page.Records.Count,
            Taken = decision.Decisions.Count(d => d == Decision.Take),
            Columns = [.. batch.Columns.Select(c => KeyValuePair.Create(c.Field, c.Type))],
            Samples = [.. Enumerable.Range(0, Math.Min(Samples, page.Records.Count)).Select(i => Encoding.UTF8.GetString(page.Record(i)))],
            Refused = refused,
            Warnings = warnings,
        };
    }

    private async Task<Page> FirstPageAsync(StreamDefinition stream, TemplateValues values, StreamCounters counters, Action<string> warn, CancellationToken cancellationToken)
    {
        await using var quotas = new RunQuotas(pipeline, Ledger, time, new Random());
        var name = pipeline.SourceOf(stream);
        await using var source = pipeline.Sources[name].Open(new SourceServices { Time = time, Quota = quotas.Of(name) });
        var request = new ReadRequest { Stream = stream.Name, Request = stream.Request, Values = values, Counters = counters, Priority = stream.Priority, Warn = warn };
        await foreach (var page in source.ReadAsync(request, cancellationToken)) return page;
        throw new SourceException($"the source of '{stream.Name}' gave no page");
    }

    private async Task<Checkpoint> CheckpointAsync(StreamDefinition stream, CancellationToken cancellationToken)
    {
        var services = new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare };
        await using var destination = pipeline.Destinations[pipeline.DestinationOf(stream)].Open(services);
        await destination.CheckAsync(cancellationToken);
        return await destination.ReadCheckpointAsync(pipeline.Name, stream.Name, cancellationToken);
    }
}
