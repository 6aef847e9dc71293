using Tidemark.Planning;
using Tidemark.Slices;

namespace Tidemark.Runs.Plans;

/// <summary>What a run would read of a stream, as far as checkpoints and earlier runs tell.</summary>
internal sealed record PlannedReadings
{
    /// <summary>What it would read; null: nothing, as it was done once and for all.</summary>
    public RunMode? Mode { get; init; }

    /// <summary>What it would ask; of a stream in slices, for the stream as a whole.</summary>
    public StreamPlan? Plan { get; init; }

    /// <summary>Its readings that are not complete.</summary>
    public IReadOnlyList<ReadingFacts> Readings { get; init; } = [];

    /// <summary>The same, with nothing in them that was only spread over slices.</summary>
    public IReadOnlyList<ReadingFacts> Told { get; init; } = [];

    /// <summary>How many of them go side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Records that earlier runs of the same scan have done.</summary>
    public long Done { get; init; }

    /// <summary>Records of these that failed.</summary>
    public long Failed { get; init; }

    /// <summary>How far its slices have come; null: it has none.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>The first slice that is not complete; null: there is none.</summary>
    public string? FirstSlice { get; init; }

    /// <summary>Where the number of records comes from, for people; null: it is not known.</summary>
    public string? RecordsFrom { get; init; }

    /// <summary>True if records or pages are no more than a good guess.</summary>
    public bool About { get; init; }

    /// <summary>What is read of a stream as a whole.</summary>
    /// <param name="mode">What it reads.</param>
    /// <param name="reading">How far that has come.</param>
    /// <param name="told">How many records the source says there are; null: it says nothing, or they are not what is read.</param>
    /// <param name="lastFullRead">How many the last complete first or full scan read; null: there was none.</param>
    /// <param name="incremental">Records and pages of the latest incremental runs; none where they tell nothing of this one, as it goes on with another one's scan.</param>
    public static PlannedReadings Of(RunMode mode, ReadingFacts reading, long? told, long? lastFullRead, IReadOnlyList<(long Records, long Pages)> incremental)
    {
        var planned = new PlannedReadings { Mode = mode, Done = reading.Done, Readings = [reading] };
        if (told is not null) return planned with { Readings = [reading with { Records = told }], RecordsFrom = "as the source said" };
        // A scan that goes on has read what it has, whatever was read before.
        if (mode != RunMode.Incremental && lastFullRead is { } last)
            return planned with { Readings = [reading with { Records = Math.Max(last, reading.Done) }], RecordsFrom = "as many as the last full read", About = true };
        if (mode == RunMode.Incremental && incremental.Count > 0)
        {
            var (records, pages) = (Median(incremental.Select(r => r.Records)), Median(incremental.Select(r => r.Pages)));
            var runs = incremental.Count == 1 ? "the last incremental run" : $"the last {incremental.Count} incremental runs, the middle one of them";
            return planned with { Readings = [reading with { Records = records, AllPages = Math.Max(1, pages) }], RecordsFrom = $"as {runs}", About = true };
        }
        return planned;
    }

    /// <summary>What is read of a stream in slices.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="slices">How it is cut.</param>
    /// <param name="mode">What is read.</param>
    /// <param name="positions">Where they stand, in order.</param>
    /// <param name="lastFullRead">How many records the last complete import read; null: there was none.</param>
    /// <param name="length">How many a full page has; null: not known, and pages that are here are those of the records that are done.</param>
    public static PlannedReadings Of(string stream, SlicesDefinition slices, RunMode mode, IEnumerable<SlicePosition> positions, long? lastFullRead, int? length = null)
    {
        var (readings, done, failed, read, partly, refused) = (new List<ReadingFacts>(), 0L, 0L, 0L, 0L, 0L);
        string? first = null;
        foreach (var slice in positions)
        {
            refused += slice.Failed;
            if (slice.Status == SliceStatus.Done)
            {
                done++;
                read += slice.Read;
                continue;
            }
            first ??= slice.Slice;
            if (slice.Status == SliceStatus.Failed) failed++;
            partly += slice.Read;
            // What of it is new nobody knows.
            var records = mode == RunMode.Incremental && slice.Reading is not { IsLast: true } ? null : slice.Records;
            readings.Add(slice.Reading is { } now ? FactsOf(now, length) with { Records = records } : new ReadingFacts(records, slice.Read));
        }
        var planned = new PlannedReadings
        {
            Mode = mode,
            Readings = readings,
            Told = readings,
            Parallel = slices.Parallel,
            FirstSlice = first,
            Done = read + partly,
            Failed = refused,
            Slices = new SliceStatistics(stream, readings.Count - failed, 0, done, failed, read + partly, refused, 0),
        };
        return mode == RunMode.Incremental ? planned : Completed(planned, lastFullRead, read);
    }

    /// <summary>How far a reading has come in its run.</summary>
    /// <param name="now">Where it stands.</param>
    /// <param name="length">How many records a full page has; null: not known.</param>
    public static ReadingFacts FactsOf(ReadingNow now, int? length) => new(now.Records, now.Read)
    {
        Pages = now.ReadBefore == 0 ? now.Pages : length is { } each ? (now.ReadBefore / each) + now.Pages : null,
        IsAsked = now.IsAsked,
    };

    /// <summary>Spreads what is left of a total evenly over the slices of which nothing is known.</summary>
    /// <param name="planned">What is known.</param>
    /// <param name="total">Records of all slices.</param>
    /// <param name="read">Records of the slices that are done.</param>
    /// <param name="from">Where the total comes from.</param>
    public static PlannedReadings Spread(PlannedReadings planned, long total, long read, string from)
    {
        var unknown = planned.Readings.Count(r => r.Records is null);
        if (unknown == 0) return planned;
        var left = Math.Max(0, total - read - planned.Readings.Sum(r => r.Records ?? 0));
        var (each, more) = (left / unknown, left % unknown);
        var readings = planned.Readings.Select(r => r.Records is not null ? r : r with { Records = Math.Max(r.Done, each + (more-- > 0 ? 1 : 0)) }).ToList();
        return planned with { Readings = readings, RecordsFrom = from, About = true };
    }

    // What is not known of single slices follows from what all of them have, or from those that are done.
    private static PlannedReadings Completed(PlannedReadings planned, long? all, long read)
    {
        var unknown = planned.Readings.Count(r => r.Records is null);
        if (unknown == 0) return planned with { RecordsFrom = "as the source said, or as the last import read", About = true };
        if (all is { } total) return Spread(planned, total, read, "as many as the last full read, in slices alike");
        var (known, records) = (planned.Slices!.Done + planned.Readings.Count - unknown, read + planned.Readings.Sum(r => r.Records ?? 0));
        if (records == 0) return planned;
        return Spread(planned, records * planned.Slices.Total / known, read, $"as many in each slice as in the {known} that are {(known == planned.Slices.Done ? "done" : "known")}");
    }

    /// <summary>The same, where no more than so many records are taken.</summary>
    /// <param name="most">How many.</param>
    /// <param name="length">Records of a full page; null: not known.</param>
    public PlannedReadings Limited(long most, int? length)
    {
        var limited = new List<ReadingFacts>();
        foreach (var reading in Readings)
        {
            var left = reading.Records - reading.Done;
            if (left is null || left <= most) limited.Add(reading);
            else if (most > 0 || limited.Count == 0) limited.Add(reading with { Records = reading.Done + Math.Max(0, most), AllPages = length is { } each ? (reading.Done + Math.Max(0, most) + each - 1) / each : reading.AllPages });
            most -= left ?? 0;
        }
        return this with { Readings = limited };
    }

    private static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
