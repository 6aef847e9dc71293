using Tidemark.Planning;
using Tidemark.Runs.Plans;
using Tidemark.Slices;

namespace Tidemark.Runs.Forecasts;

/// <summary>What is left of a stream in a run that goes on, and when it ends.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Read">Records of its scan that are done, in earlier runs too.</param>
public sealed record StreamFinish(string Stream, long Read)
{
    /// <summary>What a plan foretells of a stream that nobody runs at present.</summary>
    /// <param name="planned">Its plan.</param>
    public static StreamFinish Of(PlannedStream planned)
    {
        ArgumentNullException.ThrowIfNull(planned);
        return new StreamFinish(planned.Stream, planned.RecordsDone)
        {
            Left = planned.Records,
            CallsLeft = planned.Calls,
            Slices = planned.Slices,
            EndsAt = planned.AtLeast ? null : planned.Forecast?.EndsAt,
            Parks = planned.Forecast?.Parks ?? 0,
            Bottleneck = planned.Forecast?.Bottleneck,
            Unknown = planned.Forecast is null || planned.AtLeast ? planned.Gaps is [var gap, ..] ? $"it is not known {gap.What}" : "not enough is known of it" : null,
        };
    }

    /// <summary>Records that are left; null: not known.</summary>
    public long? Left { get; init; }

    /// <summary>Calls for pages that are left; null: not known.</summary>
    public long? CallsLeft { get; init; }

    /// <summary>Records a second since it began in this run; null: it has not begun.</summary>
    public double? Rate { get; init; }

    /// <summary>Its slices; null: it has none.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>When it ends, if a run that is parked is started again when it may go on; null: that can't be told.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>How often the run is parked before.</summary>
    public int Parks { get; init; }

    /// <summary>What holds it up most; null: nothing.</summary>
    public Bottleneck? Bottleneck { get; init; }

    /// <summary>Why it can't be told when it ends; null: it can.</summary>
    public string? Unknown { get; init; }

    /// <summary>How much of the records is done, 0 to 1; null: not known.</summary>
    public double? Progress => Left is { } left && Read + left > 0 ? (double)Read / (Read + left) : null;
}
