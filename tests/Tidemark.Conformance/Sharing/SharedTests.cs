using System.Globalization;
using System.Text;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Conformance.Sharing;

/// <summary>What every destination promises to those who write without a lease, tried on a real database.</summary>
public abstract class SharedTests(Harness harness) : IAsyncLifetime
{
    protected Harness Db => harness;

    public Task InitializeAsync() => harness.InitializeAsync();

    public Task DisposeAsync() => harness.DisposeAsync();

    protected static StreamTarget Target(string table = "t", string? key = "id", string? cursor = null) => new()
    {
        PipelineName = Harness.PipelineName,
        Stream = table,
        Table = table,
        Disposition = key is null ? WriteDisposition.Append : WriteDisposition.Merge,
        Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
        CursorField = cursor,
    };

    protected Task<ISharedWriter> OpenAsync(params IReadOnlyList<StreamTarget> targets) => harness.Destination.OpenSharedAsync(targets, new SharedOptions(), default);

    protected static TableRecords Part(int target, BatchSchema schema, params IEnumerable<string> records)
    {
        var batch = new RecordBatch(schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return new TableRecords(target, batch);
    }

    /// <summary>One transaction for one table, as the engine does it.</summary>
    protected static async Task<IReadOnlyList<WrittenRecord>> WriteAsync(ISharedWriter writer, StreamTarget target, params IEnumerable<string> records) =>
        (await WriteAsync(writer, Part(0, target.Schema, records)))[0];

    protected static async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(ISharedWriter writer, params TableRecords[] parts)
    {
        await writer.PrepareAsync(parts, default);
        await using var transaction = await writer.BeginAsync(SharedLook.Nothing, default);
        var written = await transaction.WriteAsync(parts, default);
        await transaction.CommitAsync([], default);
        return written;
    }

    protected static async Task<string> OutcomesAsync(ISharedWriter writer, StreamTarget target, params IEnumerable<string> records) => Letters(await WriteAsync(writer, target, records));

    /// <summary>Inserted, updated, same, duplicate, older.</summary>
    protected static string Letters(IEnumerable<WrittenRecord> written) => string.Concat(written.Select(w => "iusdo"[(int)w.Outcome]));

    protected async Task<string[]> RowsAsync(string table = "t") =>
        [.. (await harness.ReadAsync(table)).Select(r => string.Join(' ', r.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))).Order(StringComparer.Ordinal)];

    protected static IdempotencyKey Key(string key, byte payload = 1, int part = 0) => new("conformance/t", key, Enumerable.Repeat(payload, 32).ToArray(), part);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected static string Row(int id, object n) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"n":{{n}}}""");
}
