using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Sqlite;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>A pipeline of one stream, <c>items</c>, from a <see cref="ChangingApi"/> into an SQLite file; each run is a new process's worth of objects.</summary>
internal sealed class Mirror(ChangingApi api) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public string Database => _directory["mirror.db"];

    /// <summary>The streams; the first one is <c>items</c>.</summary>
    public IReadOnlyList<StreamDefinition> Streams { get; set; } = [Keyset()];

    public StreamDefinition Stream
    {
        get => Streams[0];
        set => Streams = [value];
    }

    /// <summary>Pages by keyset, three records each, incremental by the field <c>at</c>.</summary>
    public static StreamDefinition Keyset(RowOrder order = RowOrder.Desc, int size = 3) =>
        Of("/keyset", order, new CursorPaginator { CursorPath = "next", CursorParam = "after", PageSize = size, PageSizeParam = "limit" });

    /// <summary>Numbered pages.</summary>
    public static StreamDefinition Numbered(RowOrder order = RowOrder.Desc, int size = 3) => Of("/page", order, new PageNumberPaginator { PageSize = size, PageSizeParam = "limit" });

    /// <summary>Pages by offset.</summary>
    public static StreamDefinition Offset(RowOrder order = RowOrder.Desc, int size = 3, bool overlap = true) => Of("/offset", order, new OffsetPaginator { PageSize = size, Overlap = overlap });

    public static StreamDefinition Of(string path, RowOrder order, Paginator paginator) => new()
    {
        Name = "items",
        PrimaryKey = ["id"],
        Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = order },
        Request = new RestRequest
        {
            Path = path,
            Records = "items",
            Paginator = paginator,
            Params = [new NamedTemplate("order", Template.Parse(order.ToString().ToLowerInvariant()))],
        },
    };

    /// <summary>Runs once; the report of the first stream.</summary>
    public async Task<StreamReport> RunAsync(RunOptions? options = null, CancellationToken stopping = default) => (await RunAllAsync(options, stopping)).Streams[0];

    public async Task<RunReport> RunAllAsync(RunOptions? options = null, CancellationToken stopping = default)
    {
        var pipeline = new PipelineDefinition
        {
            Name = "test",
            Sources = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal) { ["api"] = new RestSource { Url = api.Url } },
            Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["db"] = new SqliteDestination { Path = Database } },
            Streams = Streams,
        };
        await using var store = await SqliteStore.OpenAsync(_directory["store.db"], TimeProvider.System, CancellationToken.None);
        return await new PipelineRun(pipeline, options ?? new RunOptions(), store).RunAsync(stopping);
    }

    /// <summary>Runs until a scan is complete.</summary>
    public async Task<StreamReport> RunThroughAsync()
    {
        var report = await RunAsync();
        report.Error.ShouldBeNull();
        return report;
    }

    public List<Dictionary<string, object?>> Rows(string table = "items") => Support.Database.Query(Database, $"select * from \"{table}\"");

    public IEnumerable<long> Ids => Rows().Select(r => (long)r["id"]!).Order();

    /// <summary>The ids of records that the table lacks or has in another version; with those that it should no longer have.</summary>
    public List<int> Differences(bool ignoreDeleted = false)
    {
        var rows = Rows().ToDictionary(r => (int)(long)r["id"]!, r => (int)(long)r["version"]!);
        var differences = api.Items.Where(i => !rows.TryGetValue(i.Id, out var version) || version != i.Version).Select(i => i.Id).ToList();
        if (!ignoreDeleted) differences.AddRange(rows.Keys.Except(api.Items.Select(i => i.Id)));
        return differences;
    }

    public void Dispose() => _directory.Dispose();
}

internal static class ReportExtensions
{
    public static long Count(this StreamReport report, Counter counter) => report.Counts[counter];
}
