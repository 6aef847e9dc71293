using System.Globalization;
using Tidemark.Http.Paging;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>
/// Pages are numbered. It ends with an empty page, when the total is reached, or with a page shorter than the pages before it; a server may give
/// fewer than <see cref="PageSize"/>, so the first page's length is what counts.
/// </summary>
public sealed record PageNumberPaginator : Paginator
{
    private readonly JsonPath? _total;

    /// <summary>The parameter with the page's number; default <c>page</c>.</summary>
    public string PageParam { get; init; } = "page";

    /// <summary>The number of the first page, from 0; default 1.</summary>
    public long BasePage { get; init; } = 1;

    /// <summary>How many records a page is asked to have; null (default): the server's choice.</summary>
    public int? PageSize { get; init; }

    /// <summary>The parameter with the page's size; null (default): it is not sent.</summary>
    public string? PageSizeParam { get; init; }

    /// <summary>Where the answer says how many records there are in all; null (default): nowhere. Where it is known, a short page is not the end.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    /// <summary>The highest page number that is asked for; null (default): none. Where there would be more, the scan counts as incomplete.</summary>
    public long? MaximumPage { get; init; }

    internal override string Check => $"check page_param: does the server know '{PageParam}'?";

    internal override int? PageLength => PageSize;

    // Behind the last full page an empty one is asked for, unless the total is known.
    internal override long PagesOf(long records, int pageLength, bool? endsEmpty)
    {
        var pages = TotalPath is not null ? FullPages(records, pageLength, endsEmpty: false) : UntilShorter(records, pageLength, pageLength);
        return MaximumPage is { } last ? Math.Min(pages, Math.Max(1, last - BasePage + 1)) : pages;
    }

    internal override long? TotalIn(in PageFacts facts) => facts.Number(_total);

    internal override PageRequest First(string? position) =>
        position is null or "" ? Page(BasePage)
        : long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Page(page)
        : throw new FormatException($"found the position '{position}', expected a page number");

    internal override string? WhyNotByPages => TotalPath is null ? "slices by pages have to know how many there are: say with total_path where the answer tells it" : null;

    internal override PageRequest Enter(PageRange range) => Page(BasePage + range.First);

    internal override (PageStep Step, int Take) Within(PageRange range, PageRequest sent, in PageFacts facts, PageStep step)
    {
        if (range.Count is not { } count || step.Request is null) return (step, facts.Count);
        var length = Math.Max(1, range.Length ?? facts.Count);
        var end = range.First + count + ((Growth(range, facts) + length - 1) / length);
        return (long.Parse(sent.Position, CultureInfo.InvariantCulture) - BasePage + 1 >= end ? PageStep.End : step, facts.Count);
    }

    internal override (string? Key, string Message)? Problem() =>
        !StopAfterEmptyPage && TotalPath is null && MaximumPage is null && MaxPages is null
            ? ("stop_after_empty_page", "with stop_after_empty_page: false nothing ends the paging; give total_path, maximum_page or max_pages")
        : PageSizeParam is not null && PageSize is null ? ("page_size_param", "page_size_param without page_size sends nothing; give page_size")
        : null;

    // By its number an empty page has so many before it. Other ends have reached the total, or have none.
    internal override long? CountThrough(PageRequest sent, in PageFacts facts, long? read)
    {
        var before = long.Parse(sent.Position, CultureInfo.InvariantCulture) - BasePage;
        var length = facts.LongestBefore > 0 ? facts.LongestBefore : PageSize;
        return facts.Count > 0 || !StopAfterEmptyPage ? null : before == 0 ? 0 : before * length;
    }

    private protected override PageStep Next(PageRequest sent, in PageFacts facts)
    {
        var page = long.Parse(sent.Position, CultureInfo.InvariantCulture);
        var ends = facts.Number(_total) is { } total
            ? (page - BasePage + 1) * Math.Max(facts.LongestBefore, facts.Count) >= total
            : StopAfterEmptyPage && facts.Count < facts.LongestBefore;
        return ends ? PageStep.End : page >= MaximumPage ? PageStep.Limit : PageStep.To(Page(page + 1));
    }

    private PageRequest Page(long page) => new(page.ToString(CultureInfo.InvariantCulture))
    {
        Params = Params(Paging.PageParam.Of(PageParam, page), Size(PageSizeParam, PageSize)),
    };
}
