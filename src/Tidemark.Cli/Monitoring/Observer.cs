using System.Diagnostics;
using Tidemark.Checkpoints;
using Tidemark.Cli.Hosting;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Cli.Monitoring;

/// <summary>Looks at a pipeline from outside: what its destinations have committed, what the store keeps, and what this machine tells of the processes that hold leases.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private readonly PipelineDefinition _pipeline;
    private readonly IStore _store;
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, IDestination> _destinations;
    private readonly StoredForecasts _forecasts;
    private readonly long _started;
    private bool _seen;

    public Observer(Project project, IStore store, TimeProvider time)
    {
        (_pipeline, _store, _time, _started) = (project.Pipeline, store, time, time.GetTimestamp());
        _forecasts = new StoredForecasts(_pipeline, store, time);
        _directory = Path.GetDirectoryName(Path.GetFullPath(project.File))!;
        var services = new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare };
        _destinations = _pipeline.Streams.Select(_pipeline.DestinationOf).Distinct(StringComparer.Ordinal).ToDictionary(n => n, n => _pipeline.Destinations[n].Open(services), StringComparer.Ordinal);
    }

    /// <summary>Looks.</summary>
    /// <exception cref="DestinationException">The first look found something that can't be read. Later ones only say so: what is away may come back.</exception>
    public async Task<Observation> LookAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        async Task<T?> TryAsync<T>(Func<Task<T>> look)
        {
            try
            {
                return await look();
            }
            catch (DestinationException e) when (_seen)
            {
                problems.Add(e.Message);
                return default;
            }
        }
        var databases = new Dictionary<string, ObservedDatabase?>(StringComparer.Ordinal);
        foreach (var (name, destination) in _destinations) databases[name] = await TryAsync(() => destination.ObserveAsync(_pipeline.Name, cancellationToken));
        var failed = await TryAsync(async () => (long?)await _store.CountOpenAsync(_pipeline.Name, cancellationToken));
        var kept = await TryAsync(() => _forecasts.ReadAsync(cancellationToken));
        _seen = true;
        var streams = _pipeline.Streams.Select(s => databases[_pipeline.DestinationOf(s)] is not { } database ? null
            : database.Streams.FirstOrDefault(o => string.Equals(o.Stream, s.Name, StringComparison.Ordinal)) ?? new ObservedStream(s.Name, Checkpoint.None, Holder: null));
        var seen = streams.OfType<ObservedStream>().ToList();
        return new Observation
        {
            At = _time.GetUtcNow(),
            Elapsed = _time.GetElapsedTime(_started),
            Streams = seen,
            DatabaseBytes = databases.Values.Any(d => d?.Bytes is null) ? null : databases.Values.Sum(d => d!.Bytes),
            DiskFreeBytes = DiskFree(),
            MemoryBytes = Memory(seen),
            FailedRecords = failed,
            Slices = kept?.Slices ?? [],
            Quotas = kept?.Quotas ?? [],
            Finishes = kept is null ? [] : await TryAsync(() => _forecasts.FinishesAsync(seen, kept, cancellationToken)) ?? [],
            Parked = kept is null ? [] : StoredForecasts.ParkedOf(seen, kept),
            Problems = problems,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var destination in _destinations.Values) await destination.DisposeAsync();
    }

    private static long? Memory(List<ObservedStream> streams)
    {
        var processes = streams.Select(s => s.Holder is { } holder ? LeaseOwner.ProcessOf(holder) : null).OfType<int>().Distinct().Select(MemoryOf).OfType<long>().ToList();
        return processes.Count == 0 ? null : processes.Sum();
    }

    private static long? MemoryOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.WorkingSet64;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended since.
            return null;
        }
    }

    private long? DiskFree()
    {
        try
        {
            return new DriveInfo(_directory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
