using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Enrichment;

/// <summary>Asks a source about single records, and keeps what it answers. Any number of tasks may ask.</summary>
/// <param name="definition">What is asked.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="stream">The stream whose records they are.</param>
/// <param name="source">Who is asked.</param>
/// <param name="store">Where answers are kept; null: nowhere.</param>
/// <param name="counters">Where calls are counted.</param>
/// <param name="warn">Takes warnings.</param>
/// <param name="time">The clock.</param>
internal sealed class Enricher(EnrichmentDefinition definition, string pipeline, string stream, ISource source, IAnswerStore? store, StreamCounters counters, Action<string> warn, TimeProvider time) : IDisposable
{
    // Calls of a service beside the pages of the stream.
    private static readonly Counter[] Counted = [Counter.Requests, Counter.Cost, Counter.Retries, Counter.Bytes];

    private readonly (string Name, JsonPath Path)[] _fields =
        [.. definition.Request.Templates.SelectMany(t => t.RecordFields).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(f => (f, JsonPath.Parse(f)))];
    private readonly byte[] _into = [.. JsonSerializer.SerializeToUtf8Bytes(definition.Into), (byte)':'];
    private readonly JsonPath[] _intoPath = [JsonPath.Parse($"[\"{definition.Into}\"]")];
    private readonly AnswerKeeper? _keeper = store is null ? null : new AnswerKeeper(store);
    private int _failedInARow;

    /// <summary>How many calls may be under way at once.</summary>
    public int Parallel => definition.Parallel;

    /// <summary>A slot for each of them; whoever asks holds one. The slices of a stream share them.</summary>
    public SemaphoreSlim Slots { get; } = new(definition.Parallel);

    /// <summary>True when so many calls in a row have failed in a way that may pass that the service, and not the records, must be the cause.</summary>
    public bool SeemsDown => Volatile.Read(ref _failedInARow) >= Math.Max(10, 2 * definition.Parallel);

    /// <summary>A stream as answers name it.</summary>
    public static string NameOf(string pipeline, string stream) => $"{pipeline}/{stream}";

    /// <summary>Deletes what has expired.</summary>
    public Task PurgeAsync(CancellationToken cancellationToken) => store?.PurgeAnswersAsync(time.GetUtcNow(), cancellationToken) ?? Task.CompletedTask;

    /// <summary>The question about a record; null if it is no JSON object, which nobody is asked about.</summary>
    public Question? About(ReadOnlySpan<byte> record)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{definition.Source}\0{definition.Fingerprint}\0"));
        try
        {
            if (!JsonPath.FindFields(record, [], [])) return null;
            foreach (var (name, path) in _fields)
            {
                if (path.FindText(record) is not { } text) continue;
                fields[name] = text;
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{text.Length}\0{text}\0"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        return new Question(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)), fields);
    }

    /// <summary>The answers that are kept.</summary>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (store is null || ids.Count == 0) return new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var known = await store.FindAnswersAsync(ids, time.GetUtcNow(), cancellationToken);
        counters.Add(Counter.EnrichKept, known.Count);
        return known;
    }

    /// <summary>Asks, and keeps the answer.</summary>
    /// <exception cref="SourceException">There is none.</exception>
    /// <exception cref="Quotas.ParkedException">The service wants a long wait.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var own = new StreamCounters { WaitsWith = counters };
        var began = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(definition.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var answer = await CallAsync(question, own, both.Token);
            Volatile.Write(ref _failedInARow, 0);
            if (_keeper is not null) await _keeper.KeepAsync(new KeptAnswer(question.Id, answer, time.GetUtcNow() + definition.Keep) { AskedBy = NameOf(pipeline, stream) });
            return answer;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failedInARow);
            throw new SourceException($"'{definition.Source}' has not answered within the timeout of enrich, {Definitions.Durations.Format(definition.Timeout!.Value)}") { IsTemporary = true };
        }
        catch (SourceException e) when (e.IsTemporary)
        {
            Interlocked.Increment(ref _failedInARow);
            throw;
        }
        finally
        {
            foreach (var counter in Counted) counters.Add(counter, own[counter]);
            counters.Add(Counter.Enriched);
            counters.Add(Counter.EnrichRequests, own[Counter.Requests]);
            counters.AddTime(Counter.EnrichMs, time.GetElapsedTime(began) - TimeSpan.FromMilliseconds(own[Counter.ThrottledMs]));
        }
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

    public void Dispose()
    {
        _keeper?.Dispose();
        Slots.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>> CallAsync(Question question, StreamCounters own, CancellationToken cancellationToken)
    {
        var values = new TemplateValues { Now = time.GetUtcNow(), Record = question.Fields };
        var request = new ReadRequest { Stream = stream, Request = definition.Request, Values = values, Counters = own, Warn = warn };
        await foreach (var page in source.ReadAsync(request, cancellationToken))
        {
            using (page) return page.Records.Count == 0 ? "null"u8.ToArray() : page.Record(0).ToArray();
        }
        return "null"u8.ToArray();
    }
}
