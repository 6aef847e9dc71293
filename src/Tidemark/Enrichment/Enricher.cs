using System.Text.Json;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Enrichment;

/// <summary>Asks a source about records, single ones or groups, and keeps what it answers. Any number of tasks may ask.</summary>
/// <param name="definition">What is asked.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="stream">The stream whose records they are.</param>
/// <param name="source">Who is asked.</param>
/// <param name="store">Where answers are kept; null: nowhere.</param>
/// <param name="counters">Where calls are counted.</param>
/// <param name="warn">Takes warnings.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A group whose call fails, after the source's own retries, or brings answers of which nobody can tell whose they are, is asked in halves, down to single records: what is wrong with one does
/// not lose the others. All of them hold one slot.
/// </remarks>
internal sealed class Enricher(EnrichmentDefinition definition, string pipeline, string stream, ISource source, IAnswerStore? store, StreamCounters counters, Action<string> warn, TimeProvider time) : IAsyncDisposable
{
    // Calls of a service beside the pages of the stream.
    private static readonly Counter[] Counted = [Counter.Requests, Counter.Cost, Counter.Retries, Counter.Bytes];

    private readonly QuestionMaker _questions = new(definition);
    private readonly AnswerMatching _matching = new(definition.Match);
    private readonly byte[] _into = [.. JsonSerializer.SerializeToUtf8Bytes(definition.Into), (byte)':'];
    private readonly JsonPath[] _intoPath = [JsonPath.Parse($"[\"{definition.Into}\"]")];
    private readonly AnswerKeeper? _keeper = store is null ? null : new AnswerKeeper(store);
    // One for each call that may be under way at once; the slices of a stream share them.
    private readonly SemaphoreSlim _slots = new(definition.Parallel);
    private int _failedInARow;
    private volatile SourceException? _down;

    /// <summary>How many calls may be under way at once.</summary>
    public int Parallel => definition.Parallel;

    /// <summary>True once so many calls in a row have failed in a way that may pass that the service, and not the records, must be the cause: nobody is asked any more.</summary>
    public bool SeemsDown => _down is not null;

    /// <summary>A stream as answers name it.</summary>
    public static string NameOf(string pipeline, string stream) => $"{pipeline}/{stream}";

    /// <summary>Deletes what has expired.</summary>
    public Task PurgeAsync(CancellationToken cancellationToken) => store?.PurgeAnswersAsync(time.GetUtcNow(), cancellationToken) ?? Task.CompletedTask;

    /// <summary>The question about a record; null: nobody is asked about it.</summary>
    public Question? About(ReadOnlySpan<byte> record) => _questions.About(record);

    /// <summary>
    /// Finds the answers that are kept, and begins to ask for the others, each call when there is a slot for it; ends when the last one has begun.
    /// </summary>
    /// <param name="questions">What is asked; of equal ones, one.</param>
    /// <param name="stopping">Begins no more calls, and ends those under way.</param>
    /// <returns>The answer to each question, by its id; a task that fails with a <see cref="SourceException"/> for a record without one, and as the run is ended.</returns>
    public async Task<IReadOnlyDictionary<string, Task<ReadOnlyMemory<byte>>>> BeginAsync(IEnumerable<Question> questions, CancellationToken stopping)
    {
        var asked = questions.DistinctBy(q => q.Id, StringComparer.Ordinal).ToList();
        var known = await KnownAsync([.. asked.Select(q => q.Id)]);
        var answers = known.ToDictionary(k => k.Key, k => Task.FromResult(k.Value), StringComparer.Ordinal);
        foreach (var group in _questions.GroupsOf(asked.Where(q => !answers.ContainsKey(q.Id)).ToList()))
        {
            var promised = group.Select(_ => new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
            foreach (var (question, promise) in group.Zip(promised)) answers[question.Id] = promise.Task;
            try
            {
                await _slots.WaitAsync(stopping);
            }
            catch (OperationCanceledException e)
            {
                foreach (var promise in promised) promise.SetCanceled(e.CancellationToken);
                continue;
            }
            _ = AskAsync(group, promised, stopping);
        }
        return answers;
    }

    /// <summary>Makes one call, about the first questions that have no answer yet; none, if all have one.</summary>
    /// <exception cref="SourceException">There is no answer.</exception>
    /// <exception cref="Quotas.ParkedException">The service wants a long wait.</exception>
    public async Task CallOnceAsync(IReadOnlyCollection<Question> questions, CancellationToken cancellationToken)
    {
        var known = await KnownAsync([.. questions.Select(q => q.Id).Distinct(StringComparer.Ordinal)]);
        if (_questions.GroupsOf(questions.DistinctBy(q => q.Id, StringComparer.Ordinal).Where(q => !known.ContainsKey(q.Id))).FirstOrDefault() is { } group) await CallAsync(group, cancellationToken);
    }

    /// <summary>True if a record has an answer already.</summary>
    public bool IsEnriched(ReadOnlySpan<byte> record)
    {
        Span<RecordSlice> found = stackalloc RecordSlice[1];
        return JsonPath.FindFields(record, _intoPath, found) && found[0].Length > 0;
    }

    /// <summary>The record with the answer as its last field: of a name that comes twice, the last one counts.</summary>
    public byte[] Enriched(ReadOnlySpan<byte> record, ReadOnlySpan<byte> answer)
    {
        var end = record.LastIndexOf((byte)'}');
        var body = record[..end].TrimEnd(" \t\r\n"u8);
        ReadOnlySpan<byte> comma = body[^1] == (byte)'{' ? default : ","u8;
        return [.. body, .. comma, .. _into, .. answer, (byte)'}'];
    }

    /// <summary>Waits until no call is under way: who has begun them has told them to stop by now, or waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < definition.Parallel; i++) await _slots.WaitAsync();
        _keeper?.Dispose();
        _slots.Dispose();
    }

    // What is kept is found even when the run is to stop: it costs nothing.
    private async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> KnownAsync(IReadOnlyCollection<string> ids)
    {
        if (store is null || ids.Count == 0) return new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var known = await store.FindAnswersAsync(ids, time.GetUtcNow(), CancellationToken.None);
        counters.Add(Counter.EnrichKept, known.Count);
        return known;
    }

    // Holds a slot when it begins; keeps each promise, one way or the other, and throws nothing.
    private async Task AskAsync(IReadOnlyList<Question> group, IReadOnlyList<TaskCompletionSource<ReadOnlyMemory<byte>>> promised, CancellationToken stopping)
    {
        try
        {
            await HalveAsync(group, promised, stopping);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task HalveAsync(IReadOnlyList<Question> group, IReadOnlyList<TaskCompletionSource<ReadOnlyMemory<byte>>> promised, CancellationToken stopping)
    {
        try
        {
            var answers = await CallAsync(group, stopping);
            foreach (var (promise, answer) in promised.Zip(answers)) promise.SetResult(answer);
        }
        catch (SourceException e) when (group.Count > 1 && !(e.IsTemporary && SeemsDown))
        {
            var half = group.Count / 2;
            await HalveAsync([.. group.Take(half)], [.. promised.Take(half)], stopping);
            await HalveAsync([.. group.Skip(half)], [.. promised.Skip(half)], stopping);
        }
        catch (Exception e)
        {
            foreach (var promise in promised) promise.SetException(e);
        }
    }

    // Asks, and keeps the answers.
    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> CallAsync(IReadOnlyList<Question> group, CancellationToken cancellationToken)
    {
        // One of its own for each: tasks that throw the same exception at once write its trace together.
        if (_down is { } down) throw new SourceException(down.Message, down) { IsTemporary = true };
        var own = new StreamCounters { WaitsWith = counters };
        var began = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(definition.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var answers = await ReadAsync(group, own, both.Token);
            Volatile.Write(ref _failedInARow, 0);
            var until = time.GetUtcNow() + definition.Keep;
            if (_keeper is not null) await _keeper.KeepAsync(group.Zip(answers, (question, answer) => new KeptAnswer(question.Id, answer, until) { AskedBy = NameOf(pipeline, stream) }));
            return answers;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(new SourceException($"'{definition.Source}' has not answered within the timeout of enrich, {Definitions.Durations.Format(definition.Timeout!.Value)}") { IsTemporary = true });
        }
        catch (SourceException e) when (e.IsTemporary)
        {
            Failed(e);
            throw;
        }
        finally
        {
            foreach (var counter in Counted) counters.Add(counter, own[counter]);
            counters.Add(Counter.Enriched, group.Count);
            counters.Add(Counter.EnrichRequests, own[Counter.Requests]);
            counters.AddTime(Counter.EnrichMs, time.GetElapsedTime(began) - TimeSpan.FromMilliseconds(own[Counter.ThrottledMs]));
        }
    }

    private SourceException Failed(SourceException error)
    {
        if (Interlocked.Increment(ref _failedInARow) >= Math.Max(10, 2 * definition.Parallel)) _down ??= error;
        return error;
    }

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(IReadOnlyList<Question> group, StreamCounters own, CancellationToken cancellationToken)
    {
        var values = new TemplateValues { Now = time.GetUtcNow(), Records = [.. group.Select(q => q.Fields)] };
        var request = new ReadRequest { Stream = stream, Request = definition.Request, Values = values, Counters = own, Warn = warn };
        await foreach (var page in source.ReadAsync(request, cancellationToken))
        {
            using (page)
            {
                return _matching.Of(group, page)
                    ?? throw new SourceException($"'{definition.Source}' was asked about {group.Count} records and gave {page.Records.Count} answers: whose they are can't be told by their order (match says by what else)");
            }
        }
        throw new SourceException($"'{definition.Source}' gave no page");
    }
}
