using Tidemark.Telemetry;

namespace Tidemark.Planning;

/// <summary>How fast a stream was seen to be; null: not seen.</summary>
internal sealed record MeasuredSpeeds
{
    /// <summary>Nothing was seen.</summary>
    public static MeasuredSpeeds None { get; } = new();

    /// <summary>From sending a call for a page until its answer was read.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>From sending a call for a page until the next one could be asked for.</summary>
    public TimeSpan? Turn { get; init; }

    /// <summary>How long a record took to be read.</summary>
    public TimeSpan? ReadEach { get; init; }

    /// <summary>How long a record took to be written.</summary>
    public TimeSpan? WriteEach { get; init; }

    /// <summary>From asking a question of enrichment until its answer was kept.</summary>
    public TimeSpan? AskEach { get; init; }

    /// <summary>How many calls a question took.</summary>
    public double? CallsAnAsk { get; init; }

    /// <summary>How many calls for pages, and how many questions, this was seen of.</summary>
    public (long Calls, long Questions) Seen { get; init; }

    /// <summary>What was counted of a run.</summary>
    public static MeasuredSpeeds Of(Func<Counter, long> count)
    {
        var (calls, pages, records) = (count(Counter.Requests) - count(Counter.EnrichRequests), count(Counter.Pages), count(Counter.Read) + count(Counter.Duplicates));
        var questions = count(Counter.Enriched);
        return new MeasuredSpeeds
        {
            Latency = Each(count(Counter.RequestMs), calls),
            Turn = calls > 0 ? Each(count(Counter.ReadMs), pages) : null,
            ReadEach = Each(count(Counter.ReadMs), records),
            WriteEach = Each(count(Counter.WriteMs), records),
            AskEach = Each(count(Counter.EnrichMs), questions),
            CallsAnAsk = questions > 0 ? (double)count(Counter.EnrichRequests) / questions : null,
            Seen = (calls, questions),
        };
    }

    /// <summary>What was counted of a run that goes on: calls whose answer is still to come don't count.</summary>
    public static MeasuredSpeeds OfRunning(Func<Counter, long> count) => Of(counter => counter != Counter.Requests ? count(counter)
        : Math.Min(count(Counter.Requests), count(Counter.EnrichRequests) + count(Counter.Pages) + count(Counter.Retries) - count(Counter.WriteRetries)));

    /// <summary>What was seen here, and where nothing was, what was seen there.</summary>
    public MeasuredSpeeds Or(MeasuredSpeeds other) => new()
    {
        Latency = Latency ?? other.Latency,
        Turn = Turn ?? other.Turn,
        ReadEach = ReadEach ?? other.ReadEach,
        WriteEach = WriteEach ?? other.WriteEach,
        AskEach = AskEach ?? other.AskEach,
        CallsAnAsk = CallsAnAsk ?? other.CallsAnAsk,
        Seen = (Latency is null ? other.Seen.Calls : Seen.Calls, AskEach is null ? other.Seen.Questions : Seen.Questions),
    };

    private static TimeSpan? Each(long milliseconds, long count) => count > 0 ? TimeSpan.FromMilliseconds((double)milliseconds / count) : null;
}
