using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Reading;

/// <summary>The state of one reading of a stream, and what follows from each answer. It does no I/O.</summary>
/// <param name="request">What the stream asks.</param>
/// <param name="allow">Refuses a next page elsewhere, or makes its request fit to be stored.</param>
/// <param name="warn">Takes warnings.</param>
/// <param name="range">The pages to read; null: all.</param>
internal sealed class Reading(HttpStreamRequest request, Func<PageRequest, PageRequest> allow, Action<string> warn, PageRange? range = null)
{
    /// <summary>How often a reading goes back in all because data moved, and how often in a row: a record that changed itself is found nowhere.</summary>
    private const int MaxBacks = 6, MaxBacksInARow = 2;

    private readonly PageGuard _guard = new(request.Paginator.Check);
    private PageRange? _range = range;
    private int _longest = range?.Length ?? 0;
    private long _pages;
    private int _backs;
    private int _backsInARow;

    /// <summary>How many answers there were.</summary>
    public long Answers { get; private set; }

    /// <summary>Decides what becomes of an answer.</summary>
    /// <param name="sent">Its request.</param>
    /// <param name="answer">The answer.</param>
    public Decision Decide(PageRequest sent, PageAnswer answer)
    {
        Answers++;
        var body = answer.Raw.Body.Written;
        var records = answer.Records;
        _guard.Page(sent, body, records);
        var skip = 0;
        if (sent.Known is { } known && !answer.Ends)
        {
            skip = RecordPrint.Find(known, body, records) + 1;
            if (skip == 0 && Back(sent) is { } back) return new Decision(back, 0, CutShort: false, Again: true);
            _backsInARow = 0;
        }
        _pages++;
        var facts = new PageFacts
        {
            Body = body,
            Count = records.Count,
            LongestBefore = _longest,
            LastRecord = records.Count == 0 ? default : body.Slice(records[^1].Offset, records[^1].Length),
            Url = answer.Raw.Url,
            Link = answer.Raw.Link,
            RecordsPath = request.Records,
        };
        // Once a reading: a total may stand at the end of a large answer.
        var total = _pages == 1 && !answer.Ends ? request.Paginator.TotalIn(facts) : null;
        var step = answer.Ends ? PageStep.End : request.Paginator.After(sent, facts);
        var take = records.Count;
        if (_range is not null && !answer.Ends)
        {
            // Of a part, the total of all says nothing, but where it is to be learned.
            var told = _range.Total is null ? total : null;
            // The first part of all is begun before anything is known.
            _range = _range with { Length = _range.Length ?? records.Count, Total = _range.Total ?? total };
            (step, take) = request.Paginator.Within(_range, sent, facts, step);
            total = told;
        }
        _longest = Math.Max(_longest, records.Count);
        if (step.Request is null)
        {
            WarnOfNoNext(facts);
            return new Decision(null, skip, step.CutShort, Again: false) { Total = total, Take = take };
        }
        var next = allow(step.Request);
        if (_pages >= request.Paginator.MaxPages) return new Decision(next, skip, CutShort: true, Again: false) { Total = total, Take = take };
        _guard.Next(next);
        return new Decision(next, skip, CutShort: false, Again: false) { Total = total, Take = take };
    }

    // An API may leave out what follows its last page, so this is no error; but so does a mistyped path on the first.
    private void WarnOfNoNext(in PageFacts facts)
    {
        if (_pages == 1 && facts.Count > 0 && request.Paginator.NextPath is { } path && !path.TryFind(facts.Body, out _))
            warn($"'{path}', which should tell what follows a page, is nowhere in the first answer: the reading ended with its {facts.Count} records. If there are more, correct the paginator's path");
    }

    private PageRequest? Back(PageRequest sent)
    {
        if (_backs >= MaxBacks || _backsInARow >= MaxBacksInARow || request.Paginator.Back(sent, _longest) is not { } back) return null;
        if (_backs++ == 0) warn("the data moved between two pages; they were read again from a page earlier");
        _backsInARow++;
        _guard.Forget();
        return back;
    }

    /// <summary>What becomes of an answer.</summary>
    /// <param name="Next">The next request; null: there is none. Cut short, it is for a later reading.</param>
    /// <param name="Skip">How many records at its start were read already.</param>
    /// <param name="CutShort">True if there would be more, but this reading ends here.</param>
    /// <param name="Again">True if the answer is dropped.</param>
    public readonly record struct Decision(PageRequest? Next, int Skip, bool CutShort, bool Again)
    {
        /// <summary>How many records the whole reading has, as the source said; null: it said nothing.</summary>
        public long? Total { get; init; }

        /// <summary>How many of its records, those skipped included, belong to this reading.</summary>
        public int Take { get; init; }
    }
}
