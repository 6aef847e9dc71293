using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Tidemark.Enrichment;
using Tidemark.Quotas;
using Tidemark.Scanning;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>Stands between the reader and the writer of a stream, and has each record that was taken enriched: many at once, and given on in their order.</summary>
/// <remarks>
/// <para>1. Take a page. Of the questions about its records, find those that are answered already in the store.</para>
/// <para>2. Begin the other calls one by one, each when it has a slot; the next page is taken when the last one has begun. So slots stay busy across pages, and little is held.</para>
/// <para>3. Give pages on in the order in which they came, each when its last answer is there: no checkpoint can pass a record that is not done.</para>
/// <para>4. A record whose call failed for good goes on with that reason, and becomes a failed record.</para>
/// <para>5. When the run is to stop, when the service parks it, or seems to be down, the page is cut at the first record without an answer; what came after is read again by the next run, and
/// finds its answers in the store.</para>
/// </remarks>
internal sealed class EnrichStage(Enricher enricher, Action stopReading)
{
    /// <summary>Runs until the reader has ended. Never throws for what ends a reading, only for errors of the store.</summary>
    /// <param name="input">Pages from the reader.</param>
    /// <param name="reading">How the reader ends.</param>
    /// <param name="output">Pages for the writer.</param>
    /// <param name="stopping">Ends calls at once.</param>
    /// <returns>How the reading ended, seen from behind this stage.</returns>
    public async Task<ScanEnd> RunAsync(ChannelReader<ScannedPage> input, Task<ScanEnd> reading, ChannelWriter<ScannedPage> output, CancellationToken stopping)
    {
        var ahead = Channel.CreateBounded<Task<(ScannedPage Page, Exception? Cut)>>(new BoundedChannelOptions(enricher.Parallel) { SingleReader = true, SingleWriter = true });
        var beginning = BeginAsync(input, ahead.Writer, stopping);
        (ScannedPage Page, Exception Cause)? cut = null;
        Exception? broken = null;
        await foreach (var task in ahead.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                var (page, cause) = await task;
                if (cut is not null || broken is not null)
                {
                    page.Dispose();
                    continue;
                }
                if (cause is not null)
                {
                    cut = (page, cause);
                    stopReading();
                }
                // At this point the page belongs to the writer.
                await output.WriteAsync(page, CancellationToken.None);
            }
            catch (Exception e)
            {
                // The store failed, the writer has ended before us, or we have a defect: whoever waits for a page must not wait for ever.
                broken ??= e;
                stopReading();
            }
        }
        await beginning;
        output.TryComplete();
        var end = await reading;
        if (broken is not (null or ChannelClosedException)) ExceptionDispatchInfo.Throw(broken);
        // Parents from that of the cut page on are to be asked for again.
        return cut is not { } at ? end : new ScanEnd { Error = at.Cause, ParentsThrough = Math.Min(end.ParentsThrough, (at.Page.Parent ?? 1) - 1) };
    }

    private async Task BeginAsync(ChannelReader<ScannedPage> input, ChannelWriter<Task<(ScannedPage, Exception?)>> ahead, CancellationToken stopping)
    {
        await foreach (var page in input.ReadAllAsync(CancellationToken.None))
        {
            Task<(ScannedPage, Exception?)> enriched;
            try
            {
                enriched = FinishAsync(page, await AskAsync(page, stopping));
            }
            catch (Exception e)
            {
                page.Dispose();
                enriched = Task.FromException<(ScannedPage, Exception?)>(e);
            }
            await ahead.WriteAsync(enriched, CancellationToken.None);
        }
        ahead.Complete();
    }

    // By the record's place in the page; none: nothing is asked about it.
    private async Task<Task<ReadOnlyMemory<byte>>?[]> AskAsync(ScannedPage page, CancellationToken stopping)
    {
        var questions = new Question?[page.End];
        for (var i = page.Done; i < page.End; i++)
        {
            if (page.Decision.Decisions[i] == Decision.Take) questions[i] = enricher.About(page.Page.Record(i));
        }
        var ids = questions.OfType<Question>().Select(q => q.Id).ToHashSet(StringComparer.Ordinal);
        var known = await enricher.KnownAsync(ids, CancellationToken.None);
        var answers = known.ToDictionary(k => k.Key, k => Task.FromResult(k.Value), StringComparer.Ordinal);
        foreach (var question in questions.OfType<Question>())
        {
            if (!answers.ContainsKey(question.Id)) answers[question.Id] = await BeginAsync(question, stopping);
        }
        var asked = new Task<ReadOnlyMemory<byte>>?[questions.Length];
        for (var i = 0; i < asked.Length; i++) asked[i] = questions[i] is { } question ? answers[question.Id] : null;
        return asked;
    }

    private async Task<Task<ReadOnlyMemory<byte>>> BeginAsync(Question question, CancellationToken stopping)
    {
        try
        {
            await enricher.Slots.WaitAsync(stopping);
        }
        catch (OperationCanceledException e)
        {
            return Task.FromCanceled<ReadOnlyMemory<byte>>(e.CancellationToken);
        }
        if (!enricher.SeemsDown) return CallAsync(question, stopping);
        // A service that is down is not asked for the rest of a page: it is cut here at the latest, also if a call that was under way ends well after all.
        enricher.Slots.Release();
        return Task.FromException<ReadOnlyMemory<byte>>(new NotAskedException());
    }

    private async Task<ReadOnlyMemory<byte>> CallAsync(Question question, CancellationToken stopping)
    {
        try
        {
            return await enricher.AskAsync(question, stopping);
        }
        finally
        {
            enricher.Slots.Release();
        }
    }

    private async Task<(ScannedPage Page, Exception? Cut)> FinishAsync(ScannedPage page, Task<ReadOnlyMemory<byte>>?[] answers)
    {
        var records = new EnrichedRecord?[page.End];
        for (var i = page.Done; i < page.End; i++)
        {
            if (answers[i] is not { } answer) continue;
            try
            {
                var json = await answer;
                records[i] = new EnrichedRecord(enricher.Enriched(page.Page.Record(i), json.Span), Problem: null);
            }
            catch (SourceException e) when (!(e.IsTemporary && enricher.SeemsDown))
            {
                records[i] = new EnrichedRecord(page.Page.Record(i).ToArray(), e.Message);
            }
            catch (Exception e) when (e is SourceException or ParkedException or OperationCanceledException or NotAskedException)
            {
                var cause = e is SourceException or NotAskedException ? new SourceException($"the service of enrich seems to be down: {e.Message}", e) : e;
                return (page with { End = i, Enriched = records }, cause);
            }
        }
        return (page with { Enriched = records }, null);
    }

    private sealed class NotAskedException() : Exception("too many calls in a row have failed");
}
