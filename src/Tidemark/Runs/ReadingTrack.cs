using Tidemark.Records;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>How far a reading has come, for forecasts: its task writes, anybody reads at any time. Each number is exact; several of them are not of one instant.</summary>
/// <param name="plan">What is read.</param>
/// <param name="counters">Where its records are counted when they are committed.</param>
/// <param name="onPage">Is told how many records a page has that another one with records follows.</param>
internal sealed class ReadingTrack(StreamPlan plan, StreamCounters counters, Action<int> onPage)
{
    private readonly long _base = counters[Counter.Read];
    private long _before = plan.Resume?.Read ?? 0;
    private long _total = plan.Resume?.Total ?? -1;
    private long _pages, _records, _answered;
    private volatile StreamCounters? _calls;
    private volatile bool _isLast;

    // Of the reader's task only: records of the page before.
    private int _lengthBefore;

    /// <summary>Calls will be made, and are counted here.</summary>
    public void Ask(StreamCounters calls)
    {
        Volatile.Write(ref _answered, 0);
        _calls = calls;
    }

    /// <summary>A page is here.</summary>
    /// <param name="page">The page.</param>
    /// <param name="done">How many of its records an earlier run has done.</param>
    /// <param name="isPart">True if others are read beside it, of other parents: it tells nothing of the whole.</param>
    public void Take(Page page, int done, bool isPart)
    {
        Interlocked.Add(ref _records, page.Records.Count - done);
        Interlocked.Increment(ref _pages);
        Volatile.Write(ref _answered, _calls?[Counter.Requests] ?? 0);
        if (page.Total is { } total && !isPart) Volatile.Write(ref _total, total);
        // The last page with records is shorter, and that it was the last one only an empty one may tell.
        if (page.Records.Count > 0 && _lengthBefore > 0) onPage(_lengthBefore);
        _lengthBefore = page.NextPosition is null ? 0 : page.Records.Count;
        if (_lengthBefore > 0 && !isPart && page.Total > page.Records.Count && plan.Resume is null && Interlocked.Read(ref _pages) == 1) onPage(_lengthBefore);
    }

    /// <summary>What earlier runs have done does not count: it is read from the start.</summary>
    public void StartOver()
    {
        Volatile.Write(ref _before, _base - counters[Counter.Read]);
        Interlocked.Exchange(ref _records, 0);
        Interlocked.Exchange(ref _pages, 0);
    }

    /// <summary>No page follows.</summary>
    public void End() => _isLast = true;

    /// <summary>Where it stands.</summary>
    public ReadingNow Now()
    {
        var (before, total) = (Volatile.Read(ref _before), Volatile.Read(ref _total));
        var calls = _calls;
        return new ReadingNow(Math.Max(0, before + counters[Counter.Read] - _base), Interlocked.Read(ref _pages))
        {
            ReadBefore = Math.Max(0, before),
            Records = _isLast ? Math.Max(0, before) + Interlocked.Read(ref _records) : total < 0 ? null : total,
            IsAsked = !_isLast && calls is not null && calls[Counter.Requests] > Volatile.Read(ref _answered),
            IsLast = _isLast,
        };
    }
}
