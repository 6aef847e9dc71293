using System.Text;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Support;

/// <summary>A reading against a scripted server on a clock that jumps.</summary>
internal sealed class Fixture : IAsyncDisposable
{
    private ISource? _source;

    public ManualTimeProvider Time { get; init; } = new();

    public ScriptedQuota? Quota { get; init; }

    public StreamCounters Counters { get; } = new();

    public List<string> Warnings { get; } = [];

    public TemplateValues Values { get; set; } = new() { Now = new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero) };

    public static Uri Nowhere { get; } = new("http://127.0.0.1:9");

    public async Task<List<PageCopy>> ReadAsync(HttpSource source, StreamRequest request, string? resumeFrom = null, int take = int.MaxValue, CancellationToken cancellationToken = default)
    {
        if (Quota is not null) Quota.Pass = Time.Advance;
        // Longer than the waits that the clock jumps over.
        _source ??= (source with { Timeout = source.Timeout == TimeSpan.FromSeconds(30) ? TimeSpan.FromHours(1) : source.Timeout })
            .Open(new SourceServices { Time = Time, Random = new Random(1), Quota = Quota });
        var read = new ReadRequest { Stream = "s", Request = request, Values = Values, Counters = Counters, ResumeFrom = resumeFrom, Warn = Warnings.Add };
        var pages = new List<PageCopy>();
        await foreach (var page in _source.ReadAsync(read, cancellationToken))
        {
            using (page) pages.Add(Copy(page));
            if (pages.Count == take) break;
        }
        return pages;
    }

    public async Task<string> FailureAsync(HttpSource source, StreamRequest request, string? resumeFrom = null) =>
        (await Should.ThrowAsync<SourceException>(() => ReadAsync(source, request, resumeFrom))).Message;

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static PageCopy Copy(Page page) =>
        new([.. Enumerable.Range(0, page.Records.Count).Select(i => Encoding.UTF8.GetString(page.Record(i)))], page.Position, page.NextPosition, page.CutShort, page.ServerTime);
}
