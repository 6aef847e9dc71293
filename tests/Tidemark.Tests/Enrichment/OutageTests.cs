using System.Runtime.CompilerServices;
using Tidemark.Enrichment;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Sources;
using Tidemark.Telemetry;
using Tidemark.Tests.Runs;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Enrichment;

/// <summary>A service of enrichment that is down for an hour, and a run each quarter of an hour, on a clock that is moved by hand.</summary>
public sealed class OutageTests
{
    private const int Records = 500, Parallel = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [Trait("guarantee", "G82")]
    public async Task Service_that_is_down_for_an_hour_costs_few_calls_a_run_and_no_record(int group)
    {
        using var scene = new WriterScene { Stream = new StreamDefinition { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"], Batch = WriterScene.Batch(count: 40) } };
        var service = new Service(scene.Time, downAfter: 120, until: scene.Time.GetUtcNow().AddMinutes(60));
        var store = new MemoryAnswers();
        var pages = Enumerable.Range(0, Records / 50).Select(p => Enumerable.Range(p * 50, 50).Select(i => $$"""{"id":{{i}}}""").ToArray()).ToList();
        var statuses = new List<RunStatus>();
        while (!scene.Writer.Disk.Complete)
        {
            var counters = new StreamCounters();
            await using var enricher = new Enricher(Definition(group), "p", "rows", service, store, counters, static _ => { }, scene.Time);
            var before = service.Refused;
            // The clock stands: nothing in a run has to wait.
            var report = await new StreamRun(scene.Context() with { Counters = counters }, new FakeSource(pages), scene.Writer, new RunOptions()) { Enricher = enricher }.RunAsync(CancellationToken.None);
            statuses.Add(report.Status);
            if (report.Status == RunStatus.Failed) report.Error.ShouldStartWith("the service of enrich seems to be down: ");
            // It counts as down after ten failures in a row; others may be on their way then, and an answer that comes late, at the beginning, begins the row anew.
            (service.Refused - before).ShouldBeLessThan(10 + (2 * Parallel));
            scene.Time.Advance(TimeSpan.FromMinutes(15));
        }
        statuses.Count(s => s == RunStatus.Failed).ShouldBe(4);
        // Single calls that failed before it was known are failed records; of groups nothing is, as their halves wait for the service.
        var written = scene.Writer.Rows.Count;
        (written + scene.Failures!.All.Count).ShouldBe(Records);
        scene.Failures.All.Count.ShouldBeLessThanOrEqualTo(4 * (10 + Parallel));
        scene.Writer.Rows.ShouldBeUnique(StringComparer.Ordinal);
        scene.Writer.Rows.ShouldAllBe(r => r.Contains("\"review\":{\"stars\":", StringComparison.Ordinal));
        service.Answered.ShouldBeUnique(StringComparer.Ordinal);
    }

    private static EnrichmentDefinition Definition(int group) => new()
    {
        Source = "reviews", Request = new FakeRequest("{{ record.id }}"), Fingerprint = "f", Into = "review", Parallel = Parallel, Group = group,
    };

    private sealed class Service(ManualTime time, int downAfter, DateTimeOffset until) : ISource
    {
        private readonly Lock _lock = new();

        public int Refused { get; private set; }

        public List<string> Answered { get; } = [];

        public async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return FakeSource.PageOf(null, null, [.. Answer([.. request.Values.Records.Select(r => r["id"])]).Select(id => $$"""{"stars":{{id}}}""")]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private List<string> Answer(List<string> ids)
        {
            lock (_lock)
            {
                if (Answered.Count >= downAfter && time.GetUtcNow() < until)
                {
                    Refused++;
                    throw new SourceException("the service answers 503") { IsTemporary = true };
                }
                Answered.AddRange(ids);
                return ids;
            }
        }
    }

    private sealed class MemoryAnswers : IAnswerStore
    {
        private readonly Dictionary<string, ReadOnlyMemory<byte>> _answers = new(StringComparer.Ordinal);

        public Task KeepAnswersAsync(IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken)
        {
            lock (_answers)
            {
                foreach (var answer in answers) _answers[answer.Id] = answer.Json;
            }
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAnswersAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_answers)
                return Task.FromResult<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(ids.Where(_answers.ContainsKey).ToDictionary(id => id, id => _answers[id], StringComparer.Ordinal));
        }

        public Task<long> CountAnswersAsync(string askedBy, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult((long)_answers.Count);

        public Task PurgeAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
