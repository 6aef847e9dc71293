using System.Threading.Channels;
using Tidemark.Destinations;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>
/// Reads the pages of a stream and lets the scan decide on them, one task. It is ahead of the writer by at most the channel's capacity, and
/// asks for a page only when the scan has decided that it is needed.
/// </summary>
internal sealed class ScanReader(StreamDefinition stream, ISource source, StreamPlan plan, RunOptions options, StreamCounters counters, Action<string> warn, TimeProvider time)
{
    private const int MostCatchUps = 10;

    private readonly CursorFieldReader _cursors = CursorFieldReader.Of(stream, plan.Scan);
    private long _left = options.Limit ?? long.MaxValue;
    private string? _stoppedEarly;
    private bool _cutShort;
    private ScanState? _state;
    private int _taken;

    /// <summary>The records that budgets let it take.</summary>
    public RecordAllowance Allowance { get; init; } = new(quota: null, stream.Name);

    /// <summary>The parents whose children are read; null: the stream has no parent.</summary>
    public IAsyncEnumerable<(long Number, TemplateValues Values)>? Parents { get; init; }

    /// <summary>Where it is told how far it has come; null: nobody asks.</summary>
    public ReadingTrack? Track { get; init; }

    /// <summary>Reads until the scan is done, the source fails, or the run is stopped. Never throws for these.</summary>
    public async Task<ScanEnd> ReadAsync(ChannelWriter<ScannedPage> output, CancellationToken cancellationToken)
    {
        var through = 0L;
        try
        {
            if (Parents is null)
            {
                await ReadOneAsync(plan.Values, parent: null, output, cancellationToken);
                await CatchUpAsync(output, cancellationToken);
                Track?.End();
            }
            else
            {
                await foreach (var (number, values) in Parents.WithCancellation(cancellationToken))
                {
                    await ReadOneAsync(values, number, output, cancellationToken);
                    if (_cutShort) break;
                    through = number;
                }
            }
            return new ScanEnd { Complete = !_cutShort, StoppedEarly = _stoppedEarly, ParentsThrough = through };
        }
        catch (Exception e) when (e is SourceException or ParkedException or CursorValueException or OperationCanceledException)
        {
            return new ScanEnd { Error = e, ParentsThrough = through };
        }
        finally
        {
            output.TryComplete();
        }
    }

    private async Task ReadOneAsync(TemplateValues values, long? parent, ChannelWriter<ScannedPage> output, CancellationToken cancellationToken)
    {
        var resume = parent is null ? plan.Resume : null;
        try
        {
            await ReadPagesAsync(values, parent, resume, output, cancellationToken);
        }
        catch (SourceException e) when (e.PositionRefused && resume is not null)
        {
            if (stream.Disposition() == WriteDisposition.Append && resume.Read > 0)
                throw new SourceException($"the scan can't go on where the last run stopped ({e.Message}), and read from the start again, append would write {resume.Read} records a second time: empty the table and run tidemark reset {stream.Name}, or use merge with a primary_key", e);
            warn($"the scan can't go on where the last run stopped ({e.Message}); the scan starts over");
            await ReadPagesAsync(values, parent, resume: null, output, cancellationToken, restarted: true);
        }
    }

    /// <summary>
    /// In descending order a record that changes while it is still to be read moves to pages that were read before. Whoever tells deletions, or replaces the table, must not take
    /// it for gone: what has changed since the scan began is read, until nothing more has.
    /// </summary>
    /// <exception cref="SourceException">It changes as fast as it is read.</exception>
    private async Task CatchUpAsync(ChannelWriter<ScannedPage> output, CancellationToken cancellationToken)
    {
        if (stream.Incremental?.RowOrder != RowOrder.Desc || !plan.Finishes(stream)) return;
        for (var pass = 0; !_cutShort && _state?.Watermark is { } watermark; pass++)
        {
            if (pass == MostCatchUps)
                throw new SourceException($"the source changes as fast as it is read: after {MostCatchUps} readings of what had changed meanwhile there was still more, so which rows are gone can't be told, and none was touched. Run it when less changes, or without deletions and replace") { IsTemporary = true };
            var changes = plan.Scan with { Watermark = watermark, Boundary = _state.Boundary, StartedAt = time.GetUtcNow() };
            _taken = 0;
            await ReadPagesAsync(new Scan(changes, warn: warn), plan.Values, parent: null, resume: null, output, cancellationToken);
            if (_taken == 0) return;
        }
    }

    private Task ReadPagesAsync(TemplateValues values, long? parent, ResumePoint? resume, ChannelWriter<ScannedPage> output, CancellationToken cancellationToken, bool restarted = false) =>
        ReadPagesAsync(new Scan(plan.Scan, resume?.Scan, warn), values, parent, resume, output, cancellationToken, restarted);

    private async Task ReadPagesAsync(
        Scan scan, TemplateValues values, long? parent, ResumePoint? resume, ChannelWriter<ScannedPage> output, CancellationToken cancellationToken, bool restarted = false)
    {
        // Counters of its own tell its waits from those of others in the stream.
        var own = new StreamCounters(total: counters);
        var request = new ReadRequest { Stream = stream.Name, Request = stream.Request, Values = values, ResumeFrom = resume?.Position, Pages = plan.Values.Slice?.Pages, Counters = own, Priority = stream.Priority, Warn = warn };
        if (restarted) Track?.StartOver();
        Track?.Ask(own);
        var first = true;
        await Allowance.ReadyAsync(cancellationToken);
        var (askedAt, began, waited) = (time.GetUtcNow(), time.GetTimestamp(), 0L);
        await foreach (var page in source.ReadAsync(request, cancellationToken))
        {
            var done = first && resume is not null ? Resumed(page, resume) : 0;
            Track?.Take(page, done, isPart: parent is not null);
            var before = scan.State;
            var decision = scan.Decide(_cursors.Read(page), index => RecordHash.Of(page.Record(index)), page.ServerTime ?? askedAt);
            own.AddTime(Counter.ReadMs, time.GetElapsedTime(began) - TimeSpan.FromMilliseconds(own[Counter.ThrottledMs] - waited));
            _state = decision.State;
            _taken += decision.Decisions.Count(d => d == Decision.Take);
            if (decision.StoppedAt >= 0 && plan.Mode == RunMode.Incremental) _stoppedEarly = DescribeStop(page, decision.StoppedAt);
            var scanned = Limit(new ScannedPage(page, decision, before) { Done = done, End = page.Records.Count, Parent = parent, Restarted = first && restarted });
            _cutShort |= scanned.End < page.Records.Count || (page.CutShort && !decision.Stopped);
            first = false;
            (scanned, var spent) = await AllowAsync(scanned, cancellationToken);
            // Stopping the run must not throw away a page that is here: at this point it belongs to the writer.
            await output.WriteAsync(scanned, CancellationToken.None);
            if (spent is not null) throw spent;
            if (_cutShort || decision.Stopped) return;
            // Behind the last page nothing is left to stop: to call the scan incomplete would make the next run read it all again.
            if (cancellationToken.IsCancellationRequested && IsLast(scanned)) return;
            cancellationToken.ThrowIfCancellationRequested();
            (askedAt, began, waited) = (time.GetUtcNow(), time.GetTimestamp(), own[Counter.ThrottledMs]);
        }
    }

    private ScannedPage Limit(ScannedPage scanned)
    {
        if (_left == long.MaxValue) return scanned;
        for (var i = scanned.Done; i < scanned.End; i++)
        {
            if (scanned.Decision.Decisions[i] is not (Decision.Take or Decision.Skip)) continue;
            if (_left == 0) return scanned with { End = i };
            _left--;
        }
        // The limit may fall on the end of a page: what follows was not read either, unless this page is known to be the last.
        _cutShort |= _left == 0 && !IsLast(scanned);
        return scanned;
    }

    // Cuts a page where a budget of records ends; then, or if nothing is left for a next page, the reason comes with it.
    private async Task<(ScannedPage Page, Exception? Spent)> AllowAsync(ScannedPage scanned, CancellationToken cancellationToken)
    {
        try
        {
            var takes = Enumerable.Range(scanned.Done, scanned.End - scanned.Done).Where(i => scanned.Decision.Decisions[i] == Decision.Take).ToList();
            var goesOn = !_cutShort && !scanned.Decision.Stopped && !IsLast(scanned);
            var (allowed, spent) = await Allowance.TakeAsync(takes.Count, goesOn, cancellationToken);
            return (allowed < takes.Count ? scanned with { End = takes[(int)allowed] } : scanned, spent);
        }
        catch
        {
            scanned.Dispose();
            throw;
        }
    }

    private static bool IsLast(ScannedPage scanned) => scanned.Parent is null && scanned.Page is { Position: not null, NextPosition: null };

    // How many records at the start of the page are done: through the last one done, if it is still there; else none, as the page has changed.
    private int Resumed(Page page, ResumePoint resume)
    {
        RefuseRepeated(page, resume);
        if (resume.Done == 0) return 0;
        for (var i = Math.Min(resume.Done, page.Records.Count) - 1; i >= 0; i--)
        {
            if (string.Equals(RecordHash.TextOf(page.Record(i)), resume.LastDone, StringComparison.Ordinal)) return i + 1;
        }
        if (stream.Disposition() != WriteDisposition.Append) return 0;
        page.Dispose();
        throw new SourceException("the page has changed since, and which of its records are written can't be told") { PositionRefused = true };
    }

    /// <summary>A page that ends as the last one of the run before did is that page once more: what it says of the end can't be trusted, and its place leads nowhere.</summary>
    private static void RefuseRepeated(Page page, ResumePoint resume)
    {
        if (resume is not { Done: 0, LastDone: { } last } || page.Records.Count == 0) return;
        if (!string.Equals(RecordHash.TextOf(page.Record(page.Records.Count - 1)), last, StringComparison.Ordinal)) return;
        page.Dispose();
        throw new SourceException("the source sent the page before once more") { PositionRefused = true };
    }

    private string DescribeStop(Page page, int index)
    {
        var key = stream.PrimaryKey is [var name, ..] ? JsonPath.Parse($"['{name.Replace("'", "", StringComparison.Ordinal)}']").FindText(page.Record(index)) : null;
        return $"{(key is null ? "" : key + " ")}{_cursors.Read(page.Record(index))} < watermark {plan.Scan.Watermark ?? plan.Scan.Floor}";
    }
}
