using Microsoft.Extensions.Logging;
using Tidemark.Server.Hosting;
using Tidemark.Server.Schedules;
using Tidemark.Server.Setup;

namespace Tidemark.Server.Generations;

/// <summary>Which configuration requests are answered by; changes it while they go on. One change at a time.</summary>
/// <remarks>
/// <para>1. The new generation is made whole; if that fails the old one stays as it is.</para>
/// <para>2. Deliveries change hands: the old ones end after what they are writing. Schedules do, too: what has not changed keeps its next time.</para>
/// <para>3. Requests go to the new one; those that are under way end in the old one, which ends with the last of them.</para>
/// </remarks>
internal sealed partial class GenerationSwitch(SharedState shared, Func<Generation, RequestDelegate> routes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<Task> _ending = [];
    private volatile Generation? _current;
    private RunScheduler? _schedule;

    public Generation Current => _current!;

    /// <summary>Begins with the first configuration; it delivers, and answers once the server listens.</summary>
    public async Task StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        _current = Make(setup);
        await _current.StartAsync(cancellationToken);
    }

    /// <summary>Begins with what the server does by itself; called once it listens.</summary>
    public async Task StartScheduleAsync(CancellationToken cancellationToken)
    {
        _schedule = await RunScheduler.StartAsync(Current.State.Setup, shared.Runs, Current.State.Lookups.All, before: null, cancellationToken);
        shared.Runs.Ended = report => _schedule.WakeAsync(report);
    }

    /// <summary>Answers a request by the configuration that holds.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        while (!await Current.TryAnswerAsync(context)) continue;
    }

    /// <summary>Changes the configuration.</summary>
    public async Task ChangeAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (shared.Stopping.IsCancellationRequested) return;
            var (before, next) = (Current, Make(setup));
            await before.StopDeliveringAsync();
            await next.StartAsync(CancellationToken.None);
            shared.Runs.Use(setup);
            _current = next;
            var schedule = _schedule;
            if (schedule is not null) _schedule = await RunScheduler.StartAsync(setup, shared.Runs, next.State.Lookups.All, schedule, CancellationToken.None);
            EndLater(schedule, before);
            shared.Configuration.Taken();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Starts nothing any more, and waits for runs.</summary>
    public async Task StopAsync()
    {
        await shared.StopAsync();
        if (_schedule is not null) await _schedule.StopAsync();
        await shared.Runs.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync();
        await shared.Runs.StopAsync();
        if (_schedule is not null) await _schedule.DisposeAsync();
        await Task.WhenAll(_ending);
        if (_current is not null) await _current.DisposeAsync();
        _changing.Dispose();
    }

    private Generation Make(ServerSetup setup)
    {
        var generation = new Generation(new ServerState(setup, shared));
        generation.Answer = routes(generation);
        return generation;
    }

    private void EndLater(RunScheduler? schedule, Generation before)
    {
        _ending.RemoveAll(t => t.IsCompleted);
        _ending.Add(EndAsync(schedule, before));
    }

    private async Task EndAsync(RunScheduler? schedule, Generation before)
    {
        try
        {
            // What it runs uses what the generation has.
            if (schedule is not null) await schedule.DisposeAsync();
            await before.DisposeAsync();
        }
        catch (Exception e)
        {
            // It is over in any case: what holds is the new one.
            LogNotEnded(Current.State.Setup.Log, e, e.GetType().Name, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the configuration before could not be ended: unexpected {Kind}: {Reason}")]
    private static partial void LogNotEnded(ILogger log, Exception e, string kind, string reason);
}
