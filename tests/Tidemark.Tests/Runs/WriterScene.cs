using System.Threading.Channels;
using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

/// <summary>A batch writer over a fake destination, fed by hand, on a clock that is moved by hand.</summary>
internal sealed class WriterScene : IDisposable
{
    private readonly Channel<ScannedPage> _pages = Channel.CreateUnbounded<ScannedPage>();
    private readonly TaskCompletionSource<ScanEnd> _reading = new();
    private readonly SemaphoreSlim _gate = new(1);
    private Scan? _scan;
    private StreamPlan? _plan;
    private PageWriter? _batches;
    private StreamContext? _context;

    public ManualTime Time { get; } = new();

    public FakeWriter Writer { get; init; } = new();

    public FakeFailedRecords? Failures { get; init; } = new();

    public StreamCounters Counters { get; init; } = new();

    public IReadOnlyDictionary<string, long> Rejected => _context!.Rejections.Snapshot();

    public StreamDefinition Stream { get; init; } = new() { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"] };

    public static BatchDefinition Batch(int count = 5000, int seconds = 5) => new() { Count = count, Period = TimeSpan.FromSeconds(seconds) };

    public StreamContext Context() => new()
    {
        PipelineName = "p",
        RunId = "r",
        Stream = Stream,
        Target = Stream.Target("p"),
        Children = [],
        Counters = Counters,
        Failures = Failures,
        Warn = static _ => { },
        Time = Time,
        Random = new Random(1),
    };

    public Task<ScanEnd> Start()
    {
        Plan();
        _context = Context();
        _batches = new PageWriter(_context, Plan(), Writer, _gate);
        return _batches.WriteAsync(_pages.Reader, _reading.Task, CancellationToken.None);
    }

    public void Send(string? position, string? next, params string[] records)
    {
        var plan = Plan();
        _scan ??= new Scan(plan.Scan, plan.Resume?.Scan);
        var before = _scan.State;
        var page = FakeSource.PageOf(position, next, records);
        var decision = _scan.Decide(CursorFieldReader.Of(Stream, plan.Scan).Read(page), i => RecordHash.Of(page.Record(i)), Time.GetUtcNow());
        _pages.Writer.TryWrite(new ScannedPage(page, decision, before) { End = records.Length }).ShouldBeTrue();
    }

    public void End(bool complete = true, Exception? error = null)
    {
        _pages.Writer.Complete();
        _reading.SetResult(new ScanEnd { Complete = complete, Error = error });
    }

    /// <summary>All at once: some pages of records, then the end, and the clock moves whenever something waits.</summary>
    public async Task RunAsync(params string[][] pages)
    {
        for (var i = 0; i < pages.Length; i++) Send($"{i}", i + 1 < pages.Length ? $"{i + 1}" : null, pages[i]);
        End();
        await Time.DriveAsync(Start());
    }

    public async Task<DestinationException> ErrorAsync(params string[][] pages) => await Should.ThrowAsync<DestinationException>(() => RunAsync(pages));

    public void Dispose()
    {
        _batches?.Dispose();
        _gate.Dispose();
    }

    private StreamPlan Plan() => _plan ??= StreamPlan.Of(Stream, new RunOptions(), Writer.Checkpoint, tableHadRows: false, Time.GetUtcNow());
}
