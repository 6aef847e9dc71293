using Quartz;
using Tidemark.Destinations;
using Tidemark.Lookups.Asking;
using Tidemark.Runs;
using Tidemark.Server.Alerts;
using Tidemark.Server.Runs;
using Tidemark.Server.Setup;

namespace Tidemark.Server.Schedules;

/// <summary>Starts the runs of a server by their schedules, wakes those that are parked, purges failed records that are resolved, and cleans up after lookups and watches them.</summary>
/// <remarks>
/// <para>1. A group of streams has one trigger. While its run goes on, its next times are passed over: two runs of a stream would wait for each other.</para>
/// <para>2. A run that ends parked is run again when it said, whoever had started it.</para>
/// <para>3. Times that passed while the server was down are not made up for; but what runs every so often runs at the start. Times that passed while the machine slept are one time.</para>
/// </remarks>
internal sealed partial class RunScheduler : IAsyncDisposable
{
    private static readonly TimeSpan KeepResolved = TimeSpan.FromDays(30);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromDays(1);
    private static readonly JobKey Wake = new("wake");
    private const string Streams = "streams";

    private readonly ServerSetup _setup;
    private readonly ServerRuns _runs;
    private readonly IScheduler _scheduler;
    private readonly ISchedulerFactory _factory;
    private readonly LookupWatch _watch;

    private RunScheduler(ServerSetup setup, ServerRuns runs, ISchedulerFactory factory, IScheduler scheduler, LookupWatch watch) =>
        (_setup, _runs, _factory, _scheduler, _watch) = (setup, runs, factory, scheduler, watch);

    /// <summary>Begins, or takes over: the one before starts nothing any more then.</summary>
    /// <param name="setup">What the server is made of.</param>
    /// <param name="runs">Starts runs.</param>
    /// <param name="lookups">Whose results are kept in order.</param>
    /// <param name="before">Whose times go on where a schedule is as it was, and whose parked runs are still woken; null: there is none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<RunScheduler> StartAsync(ServerSetup setup, ServerRuns runs, IReadOnlyList<Lookup> lookups, RunScheduler? before, CancellationToken cancellationToken)
    {
        RunScheduler? made = null;
        var groups = ScheduledStreams.Of(setup.Pipeline);
        var watched = lookups.Where(l => l.Definition.Alerts is not null).ToList();
        var watch = new LookupWatch(setup.Pipeline.Name, setup.Log, setup.Time);
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.UseTimeProvider(setup.Time);
            quartz.UseInMemoryStore(_ => { });
            // A job holds its place while its run goes on.
            quartz.UseDefaultThreadPool(groups.Count + watched.Count + 4);
            foreach (var group in groups)
                quartz.AddJob(Name(group), (Func<CancellationToken, Task>)(_ => made!.RunAsync(group.Streams)), job => job.WithIdentity(Name(group)));
            quartz.AddJob(Wake.Name, (Func<IJobExecutionContext, Task>)(context => made!.RunAsync(StreamsOf(context.MergedJobDataMap))), job => job.WithIdentity(Wake));
            if (lookups.Count > 0) quartz.AddJob("lookups", (Func<CancellationToken, Task>)(token => LookupUpkeep.RunAsync(lookups, setup.Log, token)), job => job.WithIdentity("lookups"));
            foreach (var lookup in watched) quartz.AddJob(Name(lookup), (Func<CancellationToken, Task>)(token => watch.RunAsync(lookup, token)), job => job.WithIdentity(Name(lookup)));
            quartz.AddJob("purge", (Func<CancellationToken, Task>)(token => made!.PurgeAsync(token)), job => job.WithIdentity("purge"));
        }).Build();
        var scheduler = await factory.GetScheduler(cancellationToken);
        made = new RunScheduler(setup, runs, factory, scheduler, watch);
        if (before is not null) await before.StopAsync();
        foreach (var group in groups)
            await scheduler.ScheduleJob(TriggerOf(group, setup.Time, before is null ? null : await before.NextAsync(group)), cancellationToken: cancellationToken);
        foreach (var (streams, at) in before is null ? [] : await before.WakesAsync()) await made.WakeAtAsync(streams, at);
        await EveryAsync("purge", PurgeEvery);
        if (lookups.Count > 0) await EveryAsync("lookups", LookupUpkeep.Every);
        foreach (var lookup in watched) await EveryAsync(Name(lookup), lookup.Definition.Alerts!.Every);
        await scheduler.Start(cancellationToken);
        return made;

        Task<DateTimeOffset> EveryAsync(string job, TimeSpan interval) => scheduler.ScheduleJob(
            TriggerBuilder.Create(setup.Time).ForJob(job).WithIdentity(job).StartNow().WithSchedule(SimpleScheduleBuilder.Create().WithInterval(interval).RepeatForever()).WithOverlapPolicy(OverlapPolicy.Skip).Build(),
            cancellationToken: cancellationToken).AsTask();
    }

    /// <summary>Has the streams of a run that ended parked run again when they may.</summary>
    public async Task WakeAsync(RunReport report)
    {
        foreach (var group in report.Streams.Where(s => s is { Status: RunStatus.Parked, ParkedUntil: not null }).GroupBy(s => s.ParkedUntil!.Value))
        {
            var streams = group.Select(s => s.Stream).ToList();
            LogWaking(_setup.Log, string.Join(", ", streams), group.Key);
            await WakeAtAsync(streams, group.Key);
        }
    }

    /// <summary>Starts nothing any more.</summary>
    public async Task StopAsync()
    {
        _watch.Stop();
        await _scheduler.Standby(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Stop();
        await _scheduler.Shutdown(true, CancellationToken.None);
        await ((IAsyncDisposable)_factory).DisposeAsync();
        _watch.Dispose();
    }

    private async Task WakeAtAsync(IReadOnlyList<string> streams, DateTimeOffset at)
    {
        // Of the same streams only the last wake counts.
        var key = new TriggerKey("wake " + string.Join(' ', streams));
        await _scheduler.UnscheduleJob(key, CancellationToken.None);
        await _scheduler.ScheduleJob(TriggerBuilder.Create(_setup.Time).ForJob(Wake).WithIdentity(key).UsingJobData(Streams, string.Join('\n', streams)).StartAt(at).Build(), cancellationToken: CancellationToken.None);
    }

    // When a group starts next; null: it is not there with this schedule.
    private async Task<DateTimeOffset?> NextAsync(ScheduledStreams group) =>
        ScheduledStreams.Of(_setup.Pipeline).Any(g => g.Schedule == group.Schedule && g.Streams.SequenceEqual(group.Streams, StringComparer.Ordinal)) && await _scheduler.GetTrigger(new TriggerKey(Name(group))) is { } trigger
            ? trigger.NextFireTimeUtc : null;

    private async Task<List<(IReadOnlyList<string> Streams, DateTimeOffset At)>> WakesAsync() =>
        [.. (await _scheduler.GetTriggersOfJob(Wake)).Where(t => t.NextFireTimeUtc is not null).Select(t => (StreamsOf(t.JobDataMap), t.NextFireTimeUtc!.Value))];

    private static IReadOnlyList<string> StreamsOf(JobDataMap data) => ((string)data[Streams]!).Split('\n');

    private static string Name(Lookup lookup) => $"alerts of {lookup.Definition.Name}";

    private static string Name(ScheduledStreams group) => $"run {string.Join(' ', group.Streams)}";

    private static ITrigger TriggerOf(ScheduledStreams group, TimeProvider time, DateTimeOffset? next)
    {
        var trigger = TriggerBuilder.Create(time).ForJob(Name(group)).WithIdentity(Name(group)).WithOverlapPolicy(OverlapPolicy.Skip);
        return group.Schedule.Every is { } every
            ? (next is { } at ? trigger.StartAt(at) : trigger.StartNow()).WithSchedule(SimpleScheduleBuilder.Create().WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)).Build()
            : trigger.WithSchedule(CronScheduleBuilder.Create(group.Schedule.Cron!).InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(group.Schedule.TimeZone))
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build();
    }

    private async Task RunAsync(IReadOnlyList<string> streams)
    {
        try
        {
            await _runs.Start(new RunOptions { Streams = streams }).Report;
        }
        catch (Exception e) when (e is RunConflictException or Definitions.ConfigException)
        {
            // A stream that is being run, or that the configuration has no longer.
            LogPassedOver(_setup.Log, string.Join(", ", streams), e.Message);
        }
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var purged = await _setup.Store.PurgeAsync(_setup.Pipeline.Name, _setup.Time.GetUtcNow() - KeepResolved, cancellationToken);
            if (purged > 0) LogPurged(_setup.Log, purged);
        }
        catch (DestinationException e)
        {
            LogNotPurged(_setup.Log, e.Message);
        }
    }
}
