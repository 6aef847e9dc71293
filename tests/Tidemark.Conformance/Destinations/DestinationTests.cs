using System.Globalization;
using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Conformance.Destinations;

/// <summary>What every destination promises, tried on a real database. Each subject is a class of tests, and each destination derives from it.</summary>
public abstract class DestinationTests(Harness harness) : IAsyncLifetime
{
    protected Harness Db => harness;

    public Task InitializeAsync() => harness.InitializeAsync();

    public Task DisposeAsync() => harness.DisposeAsync();

    protected static StreamTarget Target(string table = "t", string? key = "id", string? cursor = null) => new()
    {
        PipelineName = Harness.PipelineName,
        Stream = "s",
        Table = table,
        Disposition = key is null ? WriteDisposition.Append : WriteDisposition.Merge,
        Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
        CursorField = cursor,
    };

    protected static RecordBatch Batch(BatchSchema schema, params IEnumerable<string> records)
    {
        var batch = new RecordBatch(schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }

    protected static FinishOptions Finish(double maxDelete = 0.2, bool allowEmpty = false, long failed = 0) =>
        new() { MaxDelete = maxDelete, AllowEmpty = allowEmpty, FailedRecords = failed, Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };

    protected Task<IStreamWriter> OpenAsync(StreamTarget target) => harness.Destination.OpenAsync(target, default);

    /// <summary>Opens, writes one batch, commits, closes.</summary>
    protected async Task<WriteCounts> WriteAsync(StreamTarget target, params IReadOnlyList<string> records)
    {
        await using var writer = await OpenAsync(target);
        return await WriteAsync(writer, target, records);
    }

    protected static async Task<WriteCounts> WriteAsync(IStreamWriter writer, StreamTarget target, params IReadOnlyList<string> records)
    {
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, records);
        var counts = await transaction.WriteAsync(batch, 0, batch.Count, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return counts;
    }

    protected Task<DestinationException> RefusedAsync(StreamTarget target, params string[] records) => Should.ThrowAsync<DestinationException>(() => WriteAsync(target, records));

    /// <summary>Writes the batches of a full scan and finishes it.</summary>
    protected async Task<long> ScanAsync(StreamTarget target, FinishOptions options, params string[][] batches)
    {
        await using var writer = await OpenAsync(target);
        foreach (var records in batches) await WriteAsync(writer, target, records);
        await using var transaction = await writer.BeginAsync(default);
        var lost = await transaction.FinishAsync(options, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return lost;
    }

    /// <summary>The rows of a table in order of their text: <c>id=1 n=a</c>, null left out.</summary>
    protected async Task<string[]> RowsAsync(string table = "t") =>
        [.. (await harness.ReadAsync(table)).Select(r => string.Join(' ', r.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))).Order(StringComparer.Ordinal)];

    /// <summary>The values of a field in order of their text.</summary>
    protected async Task<string[]> ValuesAsync(string field, string table = "t") =>
        [.. (await harness.ReadAsync(table)).Select(r => r.GetValueOrDefault(field) ?? "null").Order(StringComparer.Ordinal)];

    protected static string[] Records(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}},"n":{{i}}}"""))];

    protected Task<long> CountAsync(string table = "t") => CountedAsync(harness.ReadAsync(table));

    private static async Task<long> CountedAsync(Task<IReadOnlyList<Dictionary<string, string>>> rows) => (await rows).Count;
}
