using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Lookups.Keeping;

/// <summary>Logs requests in a table, in bulk and off the way of those who ask. What a database that is away for long leaves no room for is counted, and not kept: an answer does not wait for its log.</summary>
internal sealed partial class HistoryLog : IAsyncDisposable
{
    private const int Room = 50_000;
    private const int MaxRows = 5000;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly LookupDefinition _definition;
    private readonly LookupHistory _history;
    private readonly JsonPath? _results;
    private readonly RowWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<ReadOnlyMemory<byte>> _rows = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(Room) { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _writing;
    private long _lost;

    public HistoryLog(LookupDefinition definition, LookupHistory history, string pipeline, IDestination destination, TimeProvider time, Random random, ILogger log)
    {
        (_definition, _history, _time, _log) = (definition, history, time, log);
        _results = history.Results is { } column ? JsonPath.OfField(column) : null;
        _writer = new RowWriter(destination, TargetOf(pipeline, definition.Name, history), time, random);
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <summary>The table.</summary>
    public static StreamTarget TargetOf(string pipeline, string lookup, LookupHistory history) => new()
    {
        PipelineName = pipeline,
        Stream = $"{lookup} history",
        Table = history.Table,
        SchemaContract = SchemaContract.Freeze,
        Indexes = [new TableIndex(["created_at"]), new TableIndex(["user_id"]), new TableIndex(["search_type"])],
        Schema = new BatchSchema
        {
            PrimaryKey = ["id"],
            Columns =
            [
                new("id", null, ColumnType.Text), new("user_id", null, ColumnType.Text), new("search_type", null, ColumnType.Text), new("filters", null, ColumnType.Json),
                new("results_count", null, ColumnType.Bigint), new("source", null, ColumnType.Text), new("created_at", null, ColumnType.Timestamp),
            ],
        },
    };

    /// <summary>What a field of the history is told by a request.</summary>
    /// <exception cref="LookupInputException">It is not one of the values that it may have.</exception>
    public static string? ValueOf(string name, HistoryField? field, LookupKey key, LookupRequest request)
    {
        if (field is null) return null;
        var value = (field.Header is { } header ? request.Header(header) : null) ?? (field.Param is { } param && key.Told.TryGetValue(param, out var told) ? told.Text : null) ?? field.Default;
        if (value is null) return null;
        if (field.Values.Count > 0 ? !field.Values.Contains(value, StringComparer.Ordinal) : value.Length > 36)
            throw new LookupInputException($"found '{(value.Length > 60 ? value[..60] + "…" : value)}' as {name}, expected {(field.Values.Count > 0 ? string.Join(", ", field.Values) : "at most 36 characters")}");
        return value;
    }

    /// <summary>Logs a request.</summary>
    public void Add(LookupKey key, LookupAnswer answer, LookupRequest request)
    {
        var row = RowOf(key, answer, request);
        if (!_rows.Writer.TryWrite(row)) Interlocked.Increment(ref _lost);
    }

    /// <summary>Writes what waits, as far as the database takes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _rows.Writer.TryComplete();
        await _ended.CancelAsync();
        await _writing;
        await _writer.DisposeAsync();
        _ended.Dispose();
    }

    private ReadOnlyMemory<byte> RowOf(LookupKey key, LookupAnswer answer, LookupRequest request)
    {
        var now = _time.GetUtcNow();
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", Guid.CreateVersion7(now));
            json.WriteString("user_id", ValueOf("user_id", _history.UserId, key, request));
            json.WriteString("search_type", _history.Type ?? _definition.Name);
            json.WritePropertyName("filters");
            json.WriteRawValue(RowMaker.ObjectOf(key.Values).Span, skipInputValidation: true);
            json.WriteNumber("results_count", ResultsOf(answer));
            json.WriteString("source", ValueOf("source", _history.Source, key, request));
            json.WriteString("created_at", RowMaker.TextOf(now));
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    private int ResultsOf(LookupAnswer answer)
    {
        if (answer.Value.IsEmpty) return 0;
        if (_results is null) return 1;
        List<RecordSlice> items = [];
        _results.Collect(answer.Value.Span, items);
        return items.Count;
    }

    private async Task WriteAllAsync()
    {
        var rows = new List<ReadOnlyMemory<byte>>();
        while (rows.Count > 0 || await _rows.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (rows.Count < MaxRows && _rows.Reader.TryRead(out var row)) rows.Add(row);
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost) LogLost(_log, _definition.Name, lost);
            try
            {
                var refused = await _writer.WriteAsync(rows);
                if (refused.Count > 0) LogRefused(_log, _definition.Name, refused.Count, refused.First().Value);
                rows.Clear();
            }
            catch (DestinationException e)
            {
                if (_ended.IsCancellationRequested)
                {
                    LogNotWritten(_log, _definition.Name, rows.Count + _rows.Reader.Count, e.Message);
                    return;
                }
                await Task.Delay(Again, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: {Count} requests are not in the history, as too many wait to be written")]
    private static partial void LogLost(ILogger log, string lookup, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: {Count} requests are not in the history, as its table does not take them: {Reason}")]
    private static partial void LogRefused(ILogger log, string lookup, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lookup {Lookup}: {Count} requests are not in the history: {Reason}")]
    private static partial void LogNotWritten(ILogger log, string lookup, int count, string reason);
}
