using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Reading;

/// <summary>The state of one reading of a stream, and what follows from each answer. It does no I/O.</summary>
/// <param name="request">What the stream asks.</param>
/// <param name="fromStart">True if it begins at the start, and not where an earlier one stopped.</param>
/// <param name="allow">Refuses a next page elsewhere, or makes its request fit to be stored.</param>
/// <param name="warn">Takes warnings.</param>
/// <param name="range">The pages to read; null: all.</param>
internal sealed class Reading(HttpStreamRequest request, bool fromStart, Func<PageRequest, PageRequest> allow, Action<string> warn, PageRange? range = null)
{
    /// <summary>How often a reading goes back in all because data moved, and how often in a row: a record that changed itself is found nowhere.</summary>
    private const int MaxBacks = 6, MaxBacksInARow = 2;

    private readonly PageGuard _guard = new(request.Paginator.Check);
    private PageRange? _range = range;
    private int _longest = range?.Length ?? 0;
    private long _pages;
    private int _backs;
    private int _backsInARow;
    private long _read;
    private long? _firstTotal;

    /// <summary>How many answers there were.</summary>
    public long Answers { get; private set; }

    /// <summary>Decides what becomes of an answer.</summary>
    /// <param name="sent">Its request.</param>
    /// <param name="answer">The answer.</param>
    public Decision Decide(PageRequest sent, PageAnswer answer)
    {
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
        // Once a reading, and at its end: a total may stand at the end of a large answer.
        var total = _pages == 0 && !answer.Ends ? request.Paginator.TotalIn(facts) : null;
        _firstTotal ??= total;
        var step = answer.Ends ? PageStep.End : request.Paginator.After(sent, facts);
        if (step is { Request: null, CutShort: false } && Doubt(sent, answer, facts) is { } doubt)
        {
            _guard.ExpectAgain();
            return new Decision(sent, 0, CutShort: false, Again: true) { Doubt = doubt };
        }
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
        Answers++;
        _pages++;
        _read += records.Count - skip;
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

    // Why a page can't be the last one, though nothing leads on from it: by the source's own words there is more. To call the scan complete would lose that without a word.
    private string? Doubt(PageRequest sent, PageAnswer answer, in PageFacts facts)
    {
        if (answer.Ends)
        {
            return request.Paginator.IsAnnounced && (Answers > 0 || !fromStart) && answer.Raw.Status == 200 && facts.Body.IndexOfAnyExcept(" \t\r\n"u8) < 0
                ? $"the source answered 200 with an empty body for {sent}, a page that it said is there"
                : null;
        }
        if (request.Paginator.TotalIn(facts) is not { } last) return null;
        // What is inserted or removed while pages are read moves the total: the first one and the last one may both be right.
        var total = Math.Min(_firstTotal ?? last, last);
        return request.Paginator.CountThrough(sent, facts, fromStart ? _read + facts.Count : null) is { } count && count < total
            ? $"the source says that there are {total} records in all, and {(facts.Count == 0 ? $"sent none for {sent}" : $"the paging ended with {sent}")}, after {count}; if its total counts more than it gives, leave out total_path"
            : null;
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
        /// <summary>Why the answer can't be the last one, and is asked for again; null: it may be.</summary>
        public string? Doubt { get; init; }

        /// <summary>How many records the whole reading has, as the source said; null: it said nothing.</summary>
        public long? Total { get; init; }

        /// <summary>How many of its records, those skipped included, belong to this reading.</summary>
        public int Take { get; init; }
    }
}
