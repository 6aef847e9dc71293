using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Schedules;

public sealed class RunSchedulerTests
{
    [Fact]
    [Trait("guarantee", "G150")]
    public async Task Stream_is_run_at_the_start_and_then_every_so_often()
    {
        await using var scene = await ServerScene.StartAsync(Configuration("every: 15m"));
        var begun = scene.Time.GetUtcNow();
        var runs = await PassTimeUntilAsync(scene, TimeSpan.FromMinutes(1), count: 4);
        // None is before its time; how long after it depends on how soon a busy machine sees that the clock was moved.
        foreach (var (number, run) in runs.Index()) run.StartedAt.ShouldBeGreaterThanOrEqualTo(begun + number * TimeSpan.FromMinutes(15));
        runs.ShouldAllBe(r => r.Status == RunStatus.Succeeded);
    }

    [Fact]
    [Trait("guarantee", "G150")]
    public async Task Stream_is_run_when_the_cron_expression_says_in_its_time_zone()
    {
        // The scene begins on 10 January at noon, UTC; half past one in New York is five hours after that of UTC.
        await using var scene = await ServerScene.StartAsync(Configuration("schedule: \"0 30 13 * * ?\", time_zone: America/New_York"));
        var run = (await PassTimeUntilAsync(scene, TimeSpan.FromMinutes(1), count: 1)).ShouldHaveSingleItem();
        run.StartedAt.ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2026, 1, 10, 18, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    [Trait("guarantee", "G151")]
    public async Task Parked_run_is_run_again_when_it_said()
    {
        await using var scene = await ServerScene.StartAsync($$"""
            name: {{ServerScene.Pipeline}}
            quotas: { daily: { budgets: [{ records: 1, per: 1d }] } }
            sources: { people_source: { type: file, path: people.jsonl, quota: daily } }
            destinations: { local: { type: sqlite, path: out.db } }
            streams: { people: { primary_key: id } }
            """);
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs")).Status.ShouldBe(202);
        // Two people, one a day: the second run begins at midnight, by itself, and goes on where the first one stopped.
        var runs = await PassTimeUntilAsync(scene, TimeSpan.FromHours(1), count: 2);
        runs[0].Status.ShouldBe(RunStatus.Parked);
        (runs[0].Total(Telemetry.Counter.Inserted), runs[1].Total(Telemetry.Counter.Inserted)).ShouldBe((1, 1));
        runs[1].StartedAt.ShouldBeGreaterThanOrEqualTo(runs[0].Streams.Single().ParkedUntil!.Value);
    }

    [Fact]
    [Trait("guarantee", "G150")]
    public async Task Run_of_a_stream_that_is_being_run_is_passed_over()
    {
        // Whoever holds the lease keeps the first run waiting, for as long as the clock stands still.
        IAsyncDisposable? holder = null;
        await using var scene = await ServerScene.StartAsync(Configuration("every: 5s"), before: async scene => holder = await scene.HoldAsync("people"));
        while ((await scene.GetAsync("/v1/runs")).Json.GetProperty("running").GetArrayLength() == 0)
        {
        }
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        (await scene.GetAsync("/v1/runs")).Json.GetProperty("running").GetArrayLength().ShouldBe(1);
        await holder!.DisposeAsync();
    }

    [Fact]
    [Trait("guarantee", "G152")]
    public async Task Failed_records_that_were_resolved_long_ago_are_purged()
    {
        await using var scene = await ServerScene.StartAsync(Configuration("priority: 0"), before: async scene =>
        {
            var (old, young) = (Failed("old"), Failed("young"));
            await scene.Store.AddAsync([old, young, Failed("open")], default);
            await scene.Store.CloseAsync([old.Id], FailedRecordStatus.Resolved, scene.Time.GetUtcNow().AddDays(-31), default);
            await scene.Store.CloseAsync([young.Id], FailedRecordStatus.Resolved, scene.Time.GetUtcNow().AddDays(-29), default);
        });
        while (await scene.Store.FindAsync("old", default) is not null) await scene.GetAsync("/health/live");
        (await scene.Store.FindAsync("young", default)).ShouldNotBeNull();
        (await scene.Store.FindAsync("open", default)).ShouldNotBeNull();

        FailedRecord Failed(string id) => new()
        {
            Id = id, PipelineName = ServerScene.Pipeline, Stream = "people", RunId = "r", Payload = "{}"u8.ToArray(), Reason = "why", FailedAt = DateTimeOffset.UnixEpoch,
        };
    }

    private static string Configuration(string keys) => $$"""
        name: {{ServerScene.Pipeline}}
        sources: { people_source: { type: file, path: people.jsonl } }
        destinations: { local: { type: sqlite, path: out.db } }
        streams: { people: { primary_key: id, {{keys}} } }
        """;

    // Whoever waits for the clock is let run between its steps by a call to the server.
    private static async Task<IReadOnlyList<RunReport>> PassTimeUntilAsync(ServerScene scene, TimeSpan step, int count)
    {
        while (true)
        {
            var runs = await scene.Store.ListRunsAsync(ServerScene.Pipeline, 100, before: null, default);
            if (runs.Count >= count) return [.. runs.Reverse().Take(count)];
            if ((await scene.GetAsync("/v1/runs")).Json.GetProperty("running").GetArrayLength() == 0) scene.Time.Advance(step);
        }
    }
}
