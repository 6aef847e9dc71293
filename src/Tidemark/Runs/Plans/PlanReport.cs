namespace Tidemark.Runs.Plans;

/// <summary>What a run would do: how many calls, at what cost, until when.</summary>
public sealed record PlanReport
{
    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The moment that it is made for.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>The streams, in declared order.</summary>
    public required IReadOnlyList<PlannedStream> Streams { get; init; }

    /// <summary>Calls that the plan itself has made.</summary>
    public long ProbeCalls { get; init; }

    /// <summary>Calls for pages, all streams; null: not known.</summary>
    public long? Calls => Sum(s => s.Calls);

    /// <summary>Questions of enrichment, all streams; null: not known.</summary>
    public long? Questions => Sum(s => s.Questions);

    /// <summary>Records, all streams; null: not known.</summary>
    public long? Records => Sum(s => s.Records);

    /// <summary>What all calls cost, by quota; null: not known.</summary>
    public IReadOnlyDictionary<string, double>? Costs => Runs.Any(s => s.Costs is null) ? null
        : Runs.SelectMany(s => s.Costs!).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Value), StringComparer.Ordinal);

    /// <summary>When the last stream ends; null: that can't be told.</summary>
    public DateTimeOffset? EndsAt => Runs.Any(s => s.Forecast is null) ? null : Runs.Select(s => (DateTimeOffset?)s.Forecast!.EndsAt).Max() ?? PlannedAt;

    /// <summary>True if it takes longer than <see cref="EndsAt"/> says.</summary>
    public bool AtLeast => Runs.Any(s => s.AtLeast);

    /// <summary>True if a figure is no more than a good guess.</summary>
    public bool About => Runs.Any(s => s.About);

    /// <summary>How often a run ends before it is done, to be started again.</summary>
    public int Parks => Runs.Select(s => s.Forecast?.Parks ?? 0).DefaultIfEmpty(0).Max();

    private IEnumerable<PlannedStream> Runs => Streams.Where(s => s.Mode is not null);

    private long? Sum(Func<PlannedStream, long?> value) => Runs.Any(s => value(s) is null) ? null : Runs.Sum(s => value(s)!.Value);
}
