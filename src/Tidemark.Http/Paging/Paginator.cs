using Tidemark.Records;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>
/// How the pages of a stream follow each other: a pure function from the last answer to the next request. It holds no state, so that a reading can
/// start again at the position of any page.
/// </summary>
public abstract record Paginator
{
    /// <summary>
    /// True (default): a page without records is the last one. False: only the paginator's own end counts, for servers whose filters leave pages empty in the middle.
    /// </summary>
    public bool StopAfterEmptyPage { get; init; } = true;

    /// <summary>How many pages a reading takes at most, from 1; null (default): all. Where there would be more, the scan counts as incomplete.</summary>
    public long? MaxPages { get; init; }

    /// <summary>Where an answer tells what follows it; null: the paging needs no such place.</summary>
    internal virtual JsonPath? NextPath => null;

    /// <summary>The parameter with the page's size, where it may change between two pages: positions don't depend on it. Null: it may not, or none is sent.</summary>
    internal virtual string? FreeSizeParam => null;

    /// <summary>How many records a page is asked to have, sent as <see cref="FreeSizeParam"/>; null: the paginator does not say.</summary>
    internal virtual int? FreeSize => null;

    /// <summary>True if a page is asked for only where the one before says that it is there.</summary>
    internal virtual bool IsAnnounced => false;

    /// <summary>How many records a page is asked to have; null: the server chooses.</summary>
    internal virtual int? PageLength => null;

    /// <summary>How many pages there are for so many records: see <see cref="Sources.StreamRequest.PagesOf"/>.</summary>
    internal abstract long PagesOf(long records, int pageLength, bool? endsEmpty);

    /// <summary>How many records there are in all, as an answer says; null: it does not.</summary>
    internal virtual long? TotalIn(in PageFacts facts) => null;

    /// <summary>What to look at when the source sends the same page again.</summary>
    internal abstract string Check { get; }

    /// <summary>The request for the first page, or for the page at a position.</summary>
    /// <param name="position">A position of an earlier reading; null: the start.</param>
    /// <exception cref="FormatException">This paginator never wrote such a position.</exception>
    internal abstract PageRequest First(string? position);

    /// <summary>Why pages can't be shared out between readings; null: they can.</summary>
    internal virtual string? WhyNotByPages => "with this paginator each page is found by the one before, so none can be entered: cut by list or by range";

    /// <summary>The request for the first page of a part.</summary>
    /// <param name="range">The part.</param>
    internal virtual PageRequest Enter(PageRange range) => throw new NotSupportedException(WhyNotByPages);

    /// <summary>What follows a page of a part, and how many of its records belong to it.</summary>
    /// <param name="range">The part; its length and total are known.</param>
    /// <param name="sent">The request for the page.</param>
    /// <param name="facts">The answer.</param>
    /// <param name="step">What follows in the whole.</param>
    internal virtual (PageStep Step, int Take) Within(PageRange range, PageRequest sent, in PageFacts facts, PageStep step) => (step, facts.Count);

    /// <summary>By how many records a part is read on: as many as there are more now than when it was shared out.</summary>
    private protected long Growth(PageRange range, in PageFacts facts) => Math.Max(0, (TotalIn(facts) ?? 0) - (range.Total ?? 0));

    /// <summary>What follows a page.</summary>
    /// <param name="sent">The request for that page.</param>
    /// <param name="facts">The answer.</param>
    internal PageStep After(PageRequest sent, in PageFacts facts) =>
        StopAfterEmptyPage && facts.Count == 0 ? PageStep.End : Next(sent, facts);

    /// <summary>The request for the page before, where a paginator reads again when the data moved under it; null: there is none.</summary>
    /// <param name="sent">The request whose page did not fit.</param>
    /// <param name="pageLength">Records of a full page.</param>
    internal virtual PageRequest? Back(PageRequest sent, int pageLength) => null;

    /// <summary>How many records there must have been, with this page, that ends the paging; null: nobody knows.</summary>
    /// <param name="sent">The request for the page.</param>
    /// <param name="facts">The answer.</param>
    /// <param name="read">How many the reading has had, with this page; null: it did not begin at the start.</param>
    internal virtual long? CountThrough(PageRequest sent, in PageFacts facts, long? read) => null;

    /// <summary>What is wrong with the definition: the key, and what to do; null: nothing.</summary>
    internal virtual (string? Key, string Message)? Problem() => null;

    /// <summary>What follows a page that is not the last by being empty.</summary>
    /// <param name="sent">The request for that page.</param>
    /// <param name="facts">The answer.</param>
    private protected abstract PageStep Next(PageRequest sent, in PageFacts facts);

    /// <summary>Pages of a length, the last one as it comes; at least one, and one more if the end shows only in an empty page.</summary>
    private protected static long FullPages(long records, int pageLength, bool endsEmpty)
    {
        var pages = (records + pageLength - 1) / pageLength;
        return Math.Max(1, endsEmpty && records > 0 ? pages + 1 : pages);
    }

    /// <summary>Pages until one is shorter than those before it, which the first can't be: behind <paramref name="fullBefore"/> records each further page brings <paramref name="step"/>.</summary>
    private protected static long UntilShorter(long records, long fullBefore, long step) =>
        records == 0 ? 1 : records <= fullBefore ? 2 : ((records - fullBefore) / step) + 2;

    private protected static IReadOnlyList<PageParam> Params(params ReadOnlySpan<PageParam?> given)
    {
        var list = new List<PageParam>(given.Length);
        foreach (var one in given)
        {
            if (one is { } param) list.Add(param);
        }
        return list;
    }

    // A size is sent only under a name that the server knows.
    private protected static PageParam? Size(string? name, int? size) => name is not null && size is { } n ? PageParam.Of(name, n) : null;
}
