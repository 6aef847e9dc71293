using Microsoft.Extensions.Logging;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Server.Setup;

namespace Tidemark.Server.Runs;

/// <summary>The runs of this server, whoever asked for them: at most one of each stream at a time. When the server stops they commit what they have read, and end.</summary>
internal sealed partial class ServerRuns(ServerSetup setup) : IAsyncDisposable
{
    private volatile ServerSetup _setup = setup;

    /// <summary>How many that have ended are remembered with what the store does not keep.</summary>
    private const int MostEnded = 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<StartedRun> _running = [];
    private readonly Queue<RunReport> _ended = new();

    /// <summary>Is told of each that has ended, before it counts as ended.</summary>
    public Func<RunReport, Task> Ended { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Those that have not ended, oldest first.</summary>
    public IReadOnlyList<StartedRun> Running
    {
        get
        {
            lock (_lock) return [.. _running];
        }
    }

    /// <summary>One that has ended here; null: there is none of this id, or it is long ago.</summary>
    public RunReport? FindEnded(string id)
    {
        lock (_lock) return _ended.FirstOrDefault(r => string.Equals(r.RunId, id, StringComparison.Ordinal));
    }

    /// <summary>Starts a run and goes on.</summary>
    /// <exception cref="RunConflictException">One of its streams is being run.</exception>
    /// <exception cref="Definitions.ConfigException">A stream is asked for that does not exist.</exception>
    public StartedRun Start(RunOptions options)
    {
        var startedAt = _setup.Time.GetUtcNow();
        var id = PipelineRun.NewId(startedAt);
        var run = new PipelineRun(_setup.Pipeline, options, _setup.Store) { RunId = id, Time = _setup.Time, Random = _setup.Random, Log = _setup.Log, AccessLog = _setup.AccessLog };
        var forecaster = new RunForecaster(_setup.Pipeline, options, _setup.Store, run.Progress) { Time = _setup.Time };
        var names = run.Streams;
        lock (_lock)
        {
            foreach (var other in _running)
            {
                if (other.Streams.Intersect(names, StringComparer.Ordinal).FirstOrDefault() is { } stream) throw new RunConflictException(stream, other);
            }
            // Task.Run: the first steps of a run are not the business of whoever asks for it.
            var started = new StartedRun(id, startedAt, names, run.Progress, Task.Run(() => RunAsync(run, forecaster), CancellationToken.None));
            _running.Add(started);
            return started;
        }
    }

    /// <summary>Changes what runs that start from now on are made of.</summary>
    public void Use(ServerSetup setup) => _setup = setup;

    /// <summary>Tells all to stop, and waits until they have.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        foreach (var run in Running) await ((Task)run.Report).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task<RunReport> RunAsync(PipelineRun run, RunForecaster forecaster)
    {
        try
        {
            var running = run.RunAsync(_stopping.Token);
            await forecaster.FollowAsync(running);
            var report = await running;
            lock (_lock)
            {
                _ended.Enqueue(report);
                if (_ended.Count > MostEnded) _ended.Dequeue();
            }
            _setup.RunEnded?.Invoke(report);
            if (!_stopping.IsCancellationRequested) await Ended(report);
            return report;
        }
        catch (Exception e)
        {
            LogDefect(_setup.Log, e, run.RunId!, e.GetType().Name, e.Message);
            throw;
        }
        finally
        {
            lock (_lock) _running.RemoveAll(r => string.Equals(r.Id, run.RunId, StringComparison.Ordinal));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "run {RunId}: unexpected {Kind}: {Reason}")]
    private static partial void LogDefect(ILogger log, Exception e, string runId, string kind, string reason);
}
