using Tidemark.Quotas;

namespace Tidemark.Tests.Quotas;

/// <summary>
/// A quota and the server behind it, on a clock of their own. The state goes through its text between any two steps, as it does in a ledger; the server counts each call at some moment between its
/// being let through and its end.
/// </summary>
internal sealed class QuotaHistory(QuotaDefinition definition)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How long a call lives at most, from the moment it was let through: it is sent while it is fresh, and has a timeout of two seconds.</summary>
    public static readonly TimeSpan Life = QuotaBook.Freshness + TimeSpan.FromSeconds(2);

    private readonly List<(long Id, TimeSpan TakenAt)> _flying = [];
    private readonly List<TimeSpan> _arrivals = [];
    private string? _text;
    private (long Clock, TimeSpan At)? _seen;

    public QuotaDefinition Definition { get; set; } = definition;

    /// <summary>What has passed in truth.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>What the ledger's clock is wrong by.</summary>
    public TimeSpan ClockError { get; set; }

    public int Flying => _flying.Count;

    /// <summary>When the server counted each call, in order.</summary>
    public IReadOnlyList<TimeSpan> Arrivals => [.. _arrivals.Order()];

    public QuotaState State => QuotaStateText.Read(_text);

    public void Pass(TimeSpan span) => Now += span;

    /// <summary>Another process takes over: it has not seen the clock, and calls of the one before are never settled.</summary>
    public void Kill(Func<TimeSpan, TimeSpan, TimeSpan> between)
    {
        foreach (var (_, takenAt) in _flying) _arrivals.Add(between(takenAt, takenAt + Life));
        _flying.Clear();
        _seen = null;
    }

    /// <summary>Sends a call if it may be sent.</summary>
    /// <returns>What it has to wait for; null: it was sent.</returns>
    public QuotaDelay? Take(double cost = 1, string stream = "s") => Use(book =>
    {
        if (book.Judge(cost) is { } delay) return delay;
        _flying.Add((book.Take(new QuotaRequest { Stream = stream, Cost = cost, Timeout = TimeSpan.FromSeconds(2) }), Now));
        return null;
    });

    /// <summary>Ends a call that is on its way.</summary>
    public void Settle(int index, QuotaAnswer answer, Func<TimeSpan, TimeSpan, TimeSpan> between)
    {
        var (id, takenAt) = _flying[index];
        _flying.RemoveAt(index);
        if (answer.Sent) _arrivals.Add(between(takenAt, Now < takenAt + Life ? Now : takenAt + Life));
        Use(book =>
        {
            book.Settle(id, book.State.Now, answer);
            return 0;
        });
    }

    /// <summary>Sends a call that is answered at once, waiting as long as it has to.</summary>
    public void TakeAndSettle(QuotaAnswer? answer = null, double cost = 1)
    {
        while (Take(cost) is { } delay) Pass(delay.Wait);
        Settle(_flying.Count - 1, answer ?? new QuotaAnswer(), (_, to) => to);
    }

    /// <summary>The most calls that any window of an interval held at the server.</summary>
    public int MostIn(TimeSpan interval)
    {
        var arrivals = Arrivals;
        var (most, first) = (0, 0);
        for (var last = 0; last < arrivals.Count; last++)
        {
            while (arrivals[last] - arrivals[first] >= interval) first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    public T Use<T>(Func<QuotaBook, T> use)
    {
        var book = QuotaBook.Open(Definition, QuotaStateText.Read(_text), Start + Now + ClockError, _seen is { } seen ? seen.Clock + QuotaTimeline.Of(Now - seen.At) : null);
        var result = use(book);
        _text = QuotaStateText.Of(book.State);
        _seen = (book.State.Now, Now);
        return result;
    }
}
