namespace Tidemark.Planning;

/// <summary>What follows from what is known of a stream: what is left of it, as far as that can be told.</summary>
/// <param name="Work">What it has to do; null: that can't be told.</param>
internal sealed record StreamEstimate(StreamWork? Work)
{
    /// <summary>Records of a pseudo page of a source that makes no calls.</summary>
    private const int Chunk = 5000;

    /// <summary>Records that are left; null: not known.</summary>
    public long? Records { get; private init; }

    /// <summary>Calls for pages that are left; null: not known.</summary>
    public long? Calls { get; private init; }

    /// <summary>Questions of enrichment that are left; null: not known.</summary>
    public long? Questions { get; private init; }

    /// <summary>True if it is known how long a call, or reading, takes.</summary>
    public bool KnowsPages { get; private init; }

    /// <summary>True if it is known how long a question takes, or none is asked.</summary>
    public bool KnowsQuestions { get; private init; }

    /// <summary>Estimates.</summary>
    public static StreamEstimate Of(StreamFacts facts)
    {
        var readings = facts.Readings.Select(r => ReadingOf(facts, r)).ToList();
        var records = readings.All(r => r is not null) ? readings.Sum(r => r!.Value.Records + r.Value.Backlog) : SumOfRecords(facts);
        var questions = facts.Asks is { } asks ? records is { } left ? Math.Max(0, left - asks.Kept) : (long?)null : 0;
        var known = new StreamEstimate(Work: null)
        {
            Records = records,
            Questions = questions,
            KnowsPages = facts.Readings.Count == 0 || (facts.Request.MakesCalls ? facts.Speeds.Turn ?? facts.Speeds.Latency : facts.Speeds.ReadEach) is not null,
            KnowsQuestions = questions == 0 || facts.Speeds.AskEach is not null,
        };
        if (!readings.TrueForAll(r => r is not null)) return known;
        var works = readings.ConvertAll(r => r!.Value);
        if (facts.CallsAhead > 0 && works.Count > 0) works[0] = works[0] with { Pages = works[0].Pages + facts.CallsAhead };
        return known with { Work = WorkOf(facts, works, questions ?? 0), Calls = facts.Request.MakesCalls ? works.Sum(w => w.Pages) : 0 };
    }

    private static StreamWork WorkOf(StreamFacts facts, IReadOnlyList<ReadingWork> readings, long questions)
    {
        var speeds = facts.Speeds;
        var latency = speeds.Latency ?? TimeSpan.Zero;
        return new StreamWork
        {
            Stream = facts.Stream,
            After = facts.After,
            Readings = readings,
            Parallel = facts.Parallel,
            Quota = facts.Quota,
            MakesCalls = facts.Request.MakesCalls,
            Cost = facts.Cost,
            Priority = facts.Priority,
            Latency = latency,
            Turn = speeds.Turn ?? latency,
            ReadEach = speeds.ReadEach ?? TimeSpan.Zero,
            WriteEach = speeds.WriteEach ?? TimeSpan.Zero,
            Asks = facts.Asks is not { } asks ? null : new AskWork
            {
                Questions = questions,
                Parallel = asks.Parallel,
                Each = speeds.AskEach ?? TimeSpan.Zero,
                Quota = asks.Quota,
                Cost = asks.Cost * (speeds.CallsAnAsk ?? asks.CallsAnAsk),
            },
        };
    }

    // Null: how many pages it has can't be told.
    private static ReadingWork? ReadingOf(StreamFacts facts, ReadingFacts reading)
    {
        if (reading.Records is not { } records) return null;
        if (!facts.Request.MakesCalls) return new ReadingWork((Math.Max(0, records - reading.Done) + Chunk - 1) / Chunk, Math.Max(0, records - reading.Done), Chunk);
        if ((reading.AllPages ?? PagesOf(facts, records)) is not { } pages) return null;
        var length = Math.Max(1, facts.PageLength ?? (records + pages - 1) / pages);
        if (reading.Pages is { } here)
        {
            var left = Math.Max(0, records - (here * length));
            return new ReadingWork(Math.Max(0, pages - here), left, length) { Backlog = Math.Max(0, records - left - reading.Done), IsAsked = reading.IsAsked && pages > here };
        }
        // A page of which a part is done is asked for again; and behind the end that was told there may be more.
        var (whole, part) = (reading.Done / length, reading.Done % length);
        return new ReadingWork(Math.Max(1, pages - whole), Math.Max(0, records - reading.Done), length) { Rest = part > 0 ? length - part : 0 };
    }

    private static long? PagesOf(StreamFacts facts, long records)
    {
        if (facts.PageLength is { } length) return facts.Request.PagesOf(records, length, facts.EndsEmpty);
        // However long a page may be, some paging knows but one.
        if (facts.Request.PagesOf(long.MaxValue / 2, 1, null) is 1) return 1;
        return facts.RecordsAPage is > 0 and var each ? Math.Max(1, (long)Math.Ceiling(records / each)) : null;
    }

    private static long? SumOfRecords(StreamFacts facts) =>
        facts.Readings.All(r => r.Records is not null) ? facts.Readings.Sum(r => Math.Max(0, r.Records!.Value - r.Done)) : null;
}
