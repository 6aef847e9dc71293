using System.Collections.Immutable;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Runs.Plans;
using Tidemark.Runs.Retries;
using Tidemark.Sources;

namespace Tidemark;

/// <summary>
/// A pipeline put together in code: the same as a configuration file describes. Each method answers a new pipeline, so that parts can be shared.
/// </summary>
public sealed class Pipeline
{
    private readonly PipelineDefinition _definition;
    private readonly IStore? _store;

    private Pipeline(PipelineDefinition definition, IStore? store) => (_definition, _store) = (definition, store);

    /// <summary>What has been put together.</summary>
    public PipelineDefinition Definition => _definition;

    /// <summary>A pipeline without anything.</summary>
    /// <param name="name">Its name: the first half of the identity of each checkpoint. Another name starts from nothing.</param>
    public static Pipeline Create(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Pipeline(new PipelineDefinition { Name = name }, store: null);
    }

    /// <summary>Adds a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="name">Its name, where streams have to choose between several.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Pipeline From(SourceDefinition source, string name = "source") =>
        With(_definition with { Sources = _definition.Sources.ToImmutableDictionary(StringComparer.Ordinal).Add(name, source) });

    /// <summary>Adds a quota; sources name it in <see cref="SourceDefinition.Quota"/>.</summary>
    /// <param name="name">Its name: runs with the same store share what is spent under it.</param>
    /// <param name="quota">What is allowed.</param>
    /// <exception cref="ArgumentException">The name is taken, or a limit, an interval or a time zone can't be.</exception>
    public Pipeline Quota(string name, QuotaDefinition quota)
    {
        if (QuotaRules.Problem(quota) is { } problem) throw new ArgumentException($"the quota '{name}': {problem}", nameof(quota));
        return With(_definition with { Quotas = _definition.Quotas.ToImmutableDictionary(StringComparer.Ordinal).Add(name, quota) });
    }

    /// <summary>Adds a destination.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="name">Its name, where streams have to choose between several.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Pipeline To(DestinationDefinition destination, string name = "destination") =>
        With(_definition with { Destinations = _definition.Destinations.ToImmutableDictionary(StringComparer.Ordinal).Add(name, destination) });

    /// <summary>Adds a stream; streams run in the order in which they are added.</summary>
    /// <param name="name">Its name, unique in the pipeline, and its table's where no other is set.</param>
    /// <param name="request">What it asks of its source.</param>
    /// <param name="configure">Sets what is not the default: primary key, cursor field, table …</param>
    /// <exception cref="ArgumentException">A stream has this name, or merge lacks a primary key.</exception>
    public Pipeline Stream(string name, StreamRequest request, Func<StreamDefinition, StreamDefinition>? configure = null)
    {
        var stream = new StreamDefinition { Name = name, Request = request };
        stream = configure is null ? stream : configure(stream);
        if (_definition.Streams.Any(s => string.Equals(s.Name, stream.Name, StringComparison.Ordinal)))
            throw new ArgumentException($"two streams are called '{stream.Name}'", nameof(name));
        if (stream.Disposition() == WriteDisposition.Merge && stream.PrimaryKey.Count == 0)
            throw new ArgumentException($"stream '{stream.Name}' merges, but has no primary key to merge by", nameof(configure));
        return With(_definition with { Streams = [.. _definition.Streams, stream] });
    }

    /// <summary>Adds a lookup: answers of a source that are kept in a destination and reused.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <exception cref="ArgumentException">A lookup has this name.</exception>
    public Pipeline Lookup(LookupDefinition lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        if (_definition.Lookups.Any(l => string.Equals(l.Name, lookup.Name, StringComparison.Ordinal))) throw new ArgumentException($"two lookups are called '{lookup.Name}'", nameof(lookup));
        return With(_definition with { Lookups = [.. _definition.Lookups, lookup] });
    }

    /// <summary>Opens the lookups. Whoever disposes them writes what waits.</summary>
    /// <exception cref="InvalidOperationException">There is no store, or a lookup has no source or destination, or several to choose from and does not say which.</exception>
    public PipelineLookups OpenLookups()
    {
        if (_store is null) throw new InvalidOperationException("lookups need a store, for leases and counts: set one with Store()");
        foreach (var lookup in _definition.Lookups)
        {
            Check($"lookup '{lookup.Name}'", "source", lookup.Source, _definition.Sources.Keys);
            Check($"lookup '{lookup.Name}'", "destination", lookup.Destination, _definition.Destinations.Keys);
        }
        return new PipelineLookups(_definition, _store, destinationOf: null, TimeProvider.System, new Random());
    }

    /// <summary>Keeps runs and failed records. Without a store the first failed record stops its stream, as it can be kept nowhere.</summary>
    /// <param name="store">The store; it stays the caller's to dispose.</param>
    public Pipeline Store(IStore store) => new(_definition, store);

    /// <summary>Runs all streams once. Errors of sources and destinations are a part of the report, not exceptions.</summary>
    /// <param name="options">What is asked of this run; default: all streams, incrementally.</param>
    /// <param name="cancellationToken">Stops reading; what was read is committed, and the report says interrupted.</param>
    /// <exception cref="InvalidOperationException">A stream has no source or destination, or several to choose from and does not say which; or a source names a quota that is not there.</exception>
    public Task<RunReport> RunAsync(RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckAll();
        return new PipelineRun(_definition, options ?? new RunOptions(), _store).RunAsync(cancellationToken);
    }

    /// <summary>Plans a run: how many calls it needs, what they cost, and when it ends. No source is called, unless it is to probe, and nothing is written.</summary>
    /// <param name="options">What is to be planned; default: all streams, incrementally.</param>
    /// <param name="cancellationToken">Ends calls and waits.</param>
    /// <exception cref="InvalidOperationException">A stream has no source or destination, or several to choose from and does not say which; or a source names a quota that is not there.</exception>
    /// <exception cref="DestinationException">A destination or the store can't be read.</exception>
    public Task<PlanReport> PlanAsync(PlanOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckAll();
        return new PlanRun(_definition, options ?? new PlanOptions(), _store).RunAsync(cancellationToken);
    }

    /// <summary>Tries failed records again, from their payloads as the store has kept them, read as the streams are defined now; no source is called.</summary>
    /// <param name="options">Which; default: all that are open.</param>
    /// <param name="cancellationToken">Stops after the transaction in hand; the report says interrupted.</param>
    /// <exception cref="InvalidOperationException">There is no store, or a stream has no destination, or several to choose from and does not say which.</exception>
    /// <exception cref="DestinationException">The store failed before anything was tried.</exception>
    public Task<RetryReport> RetryFailedAsync(RetryOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_store is null) throw new InvalidOperationException("the pipeline has no store, so no failed records: set one with Store()");
        foreach (var stream in _definition.Streams) Check($"stream '{stream.Name}'", "destination", stream.Destination, _definition.Destinations.Keys);
        return new RetryRun(_definition, options ?? new RetryOptions(), _store) { Answers = _store, Ledger = _store }.RunAsync(cancellationToken);
    }

    private void CheckAll()
    {
        foreach (var stream in _definition.Streams)
        {
            Check($"stream '{stream.Name}'", "source", stream.Source, _definition.Sources.Keys);
            Check($"stream '{stream.Name}'", "destination", stream.Destination, _definition.Destinations.Keys);
        }
        foreach (var (name, source) in _definition.Sources)
        {
            if (source.Quota is { } use && !_definition.Quotas.ContainsKey(use.Name))
                throw new InvalidOperationException($"the source '{name}' names the quota '{use.Name}'{Definitions.NearestName.Hint(use.Name, [.. _definition.Quotas.Keys])}: add it with Quota()");
        }
    }

    private static void Check(string who, string what, string? name, IEnumerable<string> known)
    {
        var names = known.ToList();
        if (name is null && names.Count != 1)
            throw new InvalidOperationException($"the pipeline has {names.Count} {what}s: {who} must have exactly one to read, or name it");
        if (name is not null && !names.Contains(name, StringComparer.Ordinal))
            throw new InvalidOperationException($"{who} names the {what} '{name}'{Definitions.NearestName.Hint(name, names)}");
    }

    private Pipeline With(PipelineDefinition definition) => new(definition, _store);
}
