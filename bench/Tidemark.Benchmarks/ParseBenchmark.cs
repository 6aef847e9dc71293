using BenchmarkDotNet.Attributes;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Benchmarks;

/// <summary>From a file to decisions, and to typed batches. Times and bytes are those of one record.</summary>
[Config(typeof(InThisProcess))]
public class ParseBenchmark : IDisposable
{
    private const int BatchSize = 5000;

    private static readonly DateTimeOffset Now = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly JsonPath _cursor = JsonPath.Parse("updated_at");
    private readonly RecordBatch _batch = new(Rows.Schema);
    private readonly RecordBatch _flattened = new(Rows.Schema with { Nested = NestedValues.Flatten });
    private Rows _rows = null!;

    /// <summary>Makes the records.</summary>
    [GlobalSetup]
    public void Setup() => _rows = new Rows();

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _batch.Dispose();
        _flattened.Dispose();
        _rows.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The file is cut into records.</summary>
    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public async Task<long> Read()
    {
        var count = 0L;
        await foreach (var page in _rows.ReadAsync())
        {
            using (page) count += page.Records.Count;
        }
        return count;
    }

    /// <summary>Records become rows of typed columns.</summary>
    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public Task ReadAndBatch() => FillAsync(_batch);

    /// <summary>The same with objects flattened, though there are none.</summary>
    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public Task ReadAndFlatten() => FillAsync(_flattened);

    /// <summary>The scan decides on each record by its cursor value.</summary>
    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public async Task<long> ReadAndScan()
    {
        var scan = new Scan(new ScanPlan { Incremental = new IncrementalDefinition { CursorField = "updated_at" }, StartedAt = Now });
        var count = 0L;
        await foreach (var page in _rows.ReadAsync())
        {
            using (page)
            {
                var cursors = new string?[page.Records.Count];
                for (var i = 0; i < cursors.Length; i++) cursors[i] = _cursor.FindText(page.Record(i));
                count += scan.Decide(cursors, i => RecordHash.Of(page.Record(i)), Now).Decisions.Count;
            }
        }
        return count;
    }

    private async Task FillAsync(RecordBatch batch)
    {
        await foreach (var page in _rows.ReadAsync())
        {
            using (page)
            {
                for (var i = 0; i < page.Records.Count; i++)
                {
                    if (batch.Count == BatchSize) batch.Clear();
                    if (batch.Add(page.Record(i)) is { } wrong) throw new InvalidOperationException(wrong);
                }
            }
        }
    }
}
