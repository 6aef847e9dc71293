using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Destinations;
using Tidemark.Lookups.Asking;
using Tidemark.Scanning;
using Tidemark.Sources;

namespace Tidemark.Runs;

/// <summary>The lookups of a pipeline, live: they share sources, quotas and destinations.</summary>
public sealed class PipelineLookups : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly RunQuotas _quotas;
    private readonly Opened<ISource> _sources = new();
    private readonly Opened<IDestination> _destinations = new();
    private readonly List<Lookup> _lookups = [];

    /// <summary>Opens them; nothing is connected before something is asked.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="store">Where leases, counts and quotas are kept; it stays the caller's to dispose.</param>
    /// <param name="destinationOf">The live destination of a name; it stays the caller's to dispose, after this. Null: they are opened here, and end with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Randomness, for jitter.</param>
    /// <param name="log">Where they log; null: nowhere.</param>
    /// <param name="accessLog">Where calls to sources are logged; null: nowhere.</param>
    public PipelineLookups(PipelineDefinition pipeline, IStore store, Func<string, IDestination>? destinationOf, TimeProvider time, Random random, ILogger? log = null, ILogger? accessLog = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        log ??= NullLogger.Instance;
        destinationOf ??= name => _destinations.Get(name, n => pipeline.Destinations[n].Open(new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare }));
        _quotas = new RunQuotas(Hurried(pipeline), store, time, random);
        foreach (var definition in pipeline.Lookups)
        {
            var name = definition.Source ?? pipeline.Sources.Keys.Single();
            var source = _sources.Get(name, n => pipeline.Sources[n].Open(new SourceServices { Time = time, Random = random, Quota = _quotas.Of(n), Log = log, AccessLog = accessLog ?? NullLogger.Instance }));
            var cost = definition.Request.Cost ?? pipeline.Sources[name].Quota?.Cost ?? 1;
            _lookups.Add(new Lookup(definition with { Source = name }, pipeline.Name, source, cost, destinationOf(pipeline.DestinationOf(definition)), store, time, random, log));
        }
    }

    /// <summary>All of them, in declared order.</summary>
    public IReadOnlyList<Lookup> All => _lookups;

    /// <summary>One of them, with types of a program's own; names are in snake case, as those of columns are.</summary>
    /// <typeparam name="TKey">What is asked: it becomes a JSON object of parameters, or a single value where there is one parameter.</typeparam>
    /// <typeparam name="TValue">What is answered.</typeparam>
    /// <param name="name">The name of the lookup.</param>
    /// <exception cref="InvalidOperationException">There is none of this name.</exception>
    public Lookups.Asking.Lookup<TKey, TValue> Get<TKey, TValue>(string name)
    {
        var lookup = _lookups.Find(l => string.Equals(l.Definition.Name, name, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"no lookup is called '{name}'{Definitions.NearestName.Hint(name, [.. _lookups.Select(l => l.Definition.Name)])}");
        return new Lookups.Asking.Lookup<TKey, TValue>(lookup, (JsonTypeInfo<TKey>)Json.GetTypeInfo(typeof(TKey)), (JsonTypeInfo<TValue>)Json.GetTypeInfo(typeof(TValue)));
    }

    /// <summary>Waits for what is being bought, writes what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lookup in _lookups) await lookup.DisposeAsync();
        await _sources.DisposeAsync();
        await _quotas.DisposeAsync();
        await _destinations.DisposeAsync();
    }

    // Somebody waits: where a run would wait for its turn, a caller is told, or gets an old answer.
    private static PipelineDefinition Hurried(PipelineDefinition pipeline)
    {
        if (pipeline.Lookups.Count == 0) return pipeline;
        var patience = pipeline.Lookups.Min(l => l.Timeout) / 2;
        return pipeline with { Quotas = pipeline.Quotas.ToDictionary(q => q.Key, q => q.Value.ParkAfter > patience ? q.Value with { ParkAfter = patience } : q.Value, StringComparer.Ordinal) };
    }
}
