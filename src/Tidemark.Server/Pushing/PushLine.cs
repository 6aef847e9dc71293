using Tidemark.Pushing;
using Tidemark.Serving;
using Tidemark.Telemetry;

namespace Tidemark.Server.Pushing;

/// <summary>A route that takes records, live.</summary>
/// <param name="name">The name of the endpoint or stream.</param>
/// <param name="path">Its path.</param>
/// <param name="target">Where records go.</param>
/// <param name="writer">Writes them.</param>
/// <param name="labels">What it is measured under.</param>
internal sealed class PushLine(string name, string path, PushTarget target, IPostWriter writer, StreamLabels labels) : IAsyncDisposable
{
    private readonly StreamCounters _counters = new(labels);

    public string Name { get; } = name;

    public string Path { get; } = path;

    public PushTarget Target { get; } = target;

    public IPostWriter Writer { get; } = writer;

    /// <summary>The names that lead from the request to the list of records.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>The members of its answer; empty: the usual ones.</summary>
    public IReadOnlyDictionary<string, AnswerValue> Answer { get; init; } = new Dictionary<string, AnswerValue>(StringComparer.Ordinal);

    /// <summary>The name of its destination.</summary>
    public required string Destination { get; init; }

    /// <summary>What its posts are called in the inbox: endpoints may have the names of streams.</summary>
    public required string Queue { get; init; }

    /// <summary>Members of the request without which no record can be written.</summary>
    public IReadOnlyList<string> Needed { get; } = [.. target.Copy
        .Concat(target.References.Where(r => r.Scope == ReferenceScope.Request).Select(r => r.Value))
        .Concat(target.References.SelectMany(r => r.Where).Select(w => w.RequestField).OfType<string>())
        .Distinct(StringComparer.Ordinal)];

    /// <summary>Members of the request that messages name, beside those.</summary>
    public IReadOnlyList<string> Told { get; } = [.. target.References.SelectMany(r => MessageNames(r.Message)).Distinct(StringComparer.Ordinal)];

    /// <summary>Counts what has become of a part.</summary>
    public void Count(PartOutcome outcome)
    {
        _counters.Add(Counter.Read, outcome.Received);
        _counters.Add(Counter.Written, outcome.Inserted + outcome.Updated);
        _counters.Add(Counter.Failed, outcome.Rejected);
    }

    public ValueTask DisposeAsync() => Writer.DisposeAsync();

    private static IEnumerable<string> MessageNames(string? message) =>
        (message ?? "").Split('{').Skip(1).Where(p => p.Contains('}', StringComparison.Ordinal)).Select(p => p[..p.IndexOf('}', StringComparison.Ordinal)]);
}
