using BenchmarkDotNet.Attributes;
using Tidemark.Checkpoints;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Sqlite;

namespace Tidemark.Benchmarks;

/// <summary>
/// From a file through typed batches into a table, an fsync a batch. Times and bytes are those of one record. PostgreSQL is the server that the environment variable
/// <c>BENCH_POSTGRESQL</c> names by its URL; without it there is none to write to.
/// </summary>
[Config(typeof(InThisProcess))]
public class WriteBenchmark
{
    private const int BatchSize = 5000;

    private static readonly string? Server = Environment.GetEnvironmentVariable("BENCH_POSTGRESQL");

    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-bench-").FullName;
    private Rows _rows = null!;
    private RecordBatch _batch = null!;
    private IDestination _destination = null!;
    private IStreamWriter _writer = null!;

    /// <summary>Where the records go.</summary>
    public static IEnumerable<string> Destinations => Server is null ? ["sqlite"] : ["sqlite", "postgresql"];

    /// <summary>Where they go now.</summary>
    [ParamsSource(nameof(Destinations))]
    public string Destination { get; set; } = "";

    /// <summary>Makes the records and connects.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (_rows, _batch) = (new Rows(), new RecordBatch(Rows.Schema));
        var services = new DestinationServices { CompareCursors = CursorKinds.Compare };
        _destination = Destination == "sqlite"
            ? new SqliteDestination { Path = Path.Combine(_directory, "bench.db") }.Open(services)
            : new PostgreSqlDestination { Url = new Secret(Server!), Schema = "tidemark_bench" }.Open(services);
    }

    /// <summary>Takes the lease of a table that is not there yet.</summary>
    [IterationSetup]
    public void Open() => OpenAsync().GetAwaiter().GetResult();

    /// <summary>Gives it back.</summary>
    [IterationCleanup]
    public void Close() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Leaves nothing behind, but the tables on a server.</summary>
    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _destination.DisposeAsync();
        _batch.Dispose();
        _rows.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>All records are new.</summary>
    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public async Task<long> FirstLoad()
    {
        var written = 0L;
        await foreach (var page in _rows.ReadAsync())
        {
            using (page)
            {
                for (var i = 0; i < page.Records.Count; i++)
                {
                    _batch.Add(page.Record(i));
                    if (_batch.Count == BatchSize) written += await WriteAsync();
                }
            }
        }
        return written + await WriteAsync();
    }

    private async Task OpenAsync() => _writer = await _destination.OpenAsync(
        new StreamTarget { PipelineName = "bench", Stream = "rows", Table = $"rows_{Guid.NewGuid():n}", Schema = Rows.Schema, CursorField = "updated_at" }, CancellationToken.None);

    private async Task<long> WriteAsync()
    {
        await using var transaction = await _writer.BeginAsync(CancellationToken.None);
        var counts = await transaction.WriteAsync(_batch, 0, _batch.Count, CancellationToken.None);
        await transaction.CommitAsync(Checkpoint.None, CancellationToken.None);
        _batch.Clear();
        return counts.Inserted;
    }
}
