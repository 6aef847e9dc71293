using System.Text;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Runs.Retries;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs.Retries;

/// <summary>Failed records of a stream in memory, and a destination that they are tried against.</summary>
internal sealed class RetryScene
{
    public RetryScene() => Store = new FakeFailedRecords(call => BeforeStore?.Invoke(call));

    public ManualTime Time { get; } = new();

    public FakeWriter Writer { get; init; } = new();

    public FakeFailedRecords Store { get; }

    /// <summary>Called before each call of the store: it may throw.</summary>
    public Action<string>? BeforeStore { get; set; }

    public IReadOnlyList<StreamDefinition> Streams { get; init; } = [Stream()];

    public string[] Open => [.. Store.All.Where(r => r.Status == FailedRecordStatus.Open).Select(Text)];

    public string[] Closed(FailedRecordStatus status) => [.. Store.All.Where(r => r.Status == status).Select(Text)];

    public static StreamDefinition Stream(string name = "rows") => new() { Name = name, Request = new FakeRequest() };

    public static string Row(int id) => $$"""{"id":{{id}}}""";

    public async Task<string[]> FailAsync(params string[] payloads) => await FailAsync("rows", payloads);

    public async Task<string[]> FailAsync(string stream, string[] payloads)
    {
        var records = payloads.Select(p => new FailedRecord
        {
            Id = FailedRecord.IdOf("p", stream, Encoding.UTF8.GetBytes(p)),
            PipelineName = "p", Stream = stream, RunId = "r", Reason = "at first", Payload = Encoding.UTF8.GetBytes(p), FailedAt = Time.GetUtcNow(),
        }).ToList();
        await Store.AddAsync(records, default);
        return [.. records.Select(r => r.Id)];
    }

    public async Task<RetryReport> RetryAsync(RetryOptions? options = null, Action<StreamRetryReport>? progress = null, CancellationToken stopping = default)
    {
        var pipeline = new PipelineDefinition { Name = "p", Streams = Streams, Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["d"] = new Fake(Writer) } };
        var running = new RetryRun(pipeline, options ?? new RetryOptions(), Store) { Time = Time, Random = new Random(1), Progress = progress ?? (static _ => { }) }.RunAsync(stopping);
        await Time.DriveAsync(running);
        return await running;
    }

    private static string Text(FailedRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    private sealed record Fake(FakeWriter Writer) : DestinationDefinition
    {
        public override IDestination Open(DestinationServices services) => Writer;
    }
}
