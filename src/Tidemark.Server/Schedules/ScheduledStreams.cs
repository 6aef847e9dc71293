using Tidemark.Definitions;
using Tidemark.Runs;

namespace Tidemark.Server.Schedules;

/// <summary>Streams that are run together, because they have the same schedule.</summary>
/// <param name="Schedule">When.</param>
/// <param name="Streams">Their names, in the order of the pipeline; a child without a schedule of its own goes with its parent.</param>
public sealed record ScheduledStreams(StreamSchedule Schedule, IReadOnlyList<string> Streams)
{
    /// <summary>When, in words: <c>every 15m</c>.</summary>
    public string When => Schedule.Every is { } every ? $"every {Durations.Format(every)}" : $"at {Schedule.Cron} ({Schedule.TimeZone})";

    /// <summary>The groups of a pipeline, in the order of their first streams. Streams that nobody scheduled are in none.</summary>
    /// <param name="pipeline">The pipeline.</param>
    public static IReadOnlyList<ScheduledStreams> Of(PipelineDefinition pipeline)
    {
        var schedules = new Dictionary<string, StreamSchedule?>(StringComparer.Ordinal);
        // A parent is declared before its children, so its schedule is known here.
        foreach (var stream in pipeline.Streams)
            schedules[stream.Name] = stream.Schedule ?? (stream.Parent is { } parent ? schedules.GetValueOrDefault(parent.Stream) : null);
        return [.. pipeline.Streams.Where(s => schedules[s.Name] is not null).GroupBy(s => schedules[s.Name]!).Select(g => new ScheduledStreams(g.Key, [.. g.Select(s => s.Name)]))];
    }
}
