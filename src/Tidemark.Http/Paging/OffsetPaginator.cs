using System.Globalization;
using Tidemark.Http.Paging;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>
/// A page starts after a number of records. It ends like <see cref="PageNumberPaginator"/>. Pages overlap by one record: each must hold the last record
/// of the page before. If it stands further down, records were inserted, and what was read already is dropped; if it is not there, records were removed,
/// and the reading goes back a page. Overlapping costs one record a page, so about one call in page_size more.
/// </summary>
public sealed record OffsetPaginator : Paginator
{
    private readonly JsonPath? _total;

    /// <summary>The parameter with the number of records to pass over; default <c>offset</c>.</summary>
    public string OffsetParam { get; init; } = "offset";

    /// <summary>The parameter with the page's size; default <c>limit</c>. It is sent with <see cref="PageSize"/> only.</summary>
    public string LimitParam { get; init; } = "limit";

    /// <summary>How many records a page is asked to have; null (default): the server's choice.</summary>
    public int? PageSize { get; init; }

    /// <summary>Where the answer says how many records there are in all; null (default): nowhere.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    /// <summary>The highest offset that is asked for; null (default): none. Where there would be more, the scan counts as incomplete.</summary>
    public long? MaximumOffset { get; init; }

    /// <summary>True (default): pages overlap by one record and are compared. False: they follow each other unchecked.</summary>
    public bool Overlap { get; init; } = true;

    internal override string Check => $"check offset_param: does the server know '{OffsetParam}'?";

    internal override int? PageLength => PageSize;

    // Overlapping pages bring one record less each, but for the first.
    internal override long PagesOf(long records, int pageLength, bool? endsEmpty)
    {
        var step = Overlap && pageLength >= 2 ? pageLength - 1 : pageLength;
        var pages = TotalPath is null ? UntilShorter(records, pageLength, step) : records <= pageLength ? 1 : 1 + ((records - pageLength + step - 1) / step);
        return MaximumOffset is { } last ? Math.Min(pages, 1 + (last / step)) : pages;
    }

    internal override long? TotalIn(in PageFacts facts) => facts.Number(_total);

    internal override PageRequest First(string? position)
    {
        if (position is null or "") return At(0, null);
        var (offset, known) = position.Split('+', 2) is [var before, var after] ? (before, after) : (position, null);
        return long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? At(number, known)
            : throw new FormatException($"found the position '{position}', expected an offset");
    }

    internal override PageRequest? Back(PageRequest sent, int pageLength) =>
        OffsetOf(sent) is > 0 and var offset ? At(Math.Max(0, offset - Math.Max(1, pageLength - 1)), sent.Known) : null;

    internal override string? WhyNotByPages => TotalPath is null ? "slices by pages have to know how many there are: say with total_path where the answer tells it" : null;

    internal override PageRequest Enter(PageRange range) => At(range.First * (range.Length ?? 0), null);

    // What lies behind the end of the part is the next one's: an append would write it twice.
    internal override (PageStep Step, int Take) Within(PageRange range, PageRequest sent, in PageFacts facts, PageStep step)
    {
        if (range.Count is not { } count) return (step, facts.Count);
        var left = ((range.First + count) * (range.Length ?? facts.Count)) + Growth(range, facts) - OffsetOf(sent);
        return left > facts.Count ? (step, facts.Count) : (PageStep.End, (int)Math.Max(0, left));
    }

    internal override (string? Key, string Message)? Problem() =>
        !StopAfterEmptyPage && TotalPath is null && MaximumOffset is null && MaxPages is null
            ? ("stop_after_empty_page", "with stop_after_empty_page: false nothing ends the paging; give total_path, maximum_offset or max_pages")
            : null;

    internal override long? CountThrough(PageRequest sent, in PageFacts facts, long? read) => facts.Count > 0 || !StopAfterEmptyPage ? null : OffsetOf(sent);

    private protected override PageStep Next(PageRequest sent, in PageFacts facts)
    {
        var end = OffsetOf(sent) + facts.Count;
        var ends = facts.Number(_total) is { } total
            ? end >= total
            : StopAfterEmptyPage && facts.Count < facts.LongestBefore;
        if (ends) return PageStep.End;
        // A page of one record can't overlap and move on. An empty one stands still without a size: nothing could end that.
        if (facts.Count == 0 && PageSize is null) return PageStep.End;
        var next = facts.Count >= 2 && Overlap
            ? At(end - 1, RecordPrint.Of(facts.LastRecord))
            : At(facts.Count == 0 ? end + PageSize!.Value : end, null);
        return OffsetOf(next) > MaximumOffset ? PageStep.Limit : PageStep.To(next);
    }

    private static long OffsetOf(PageRequest request) => long.Parse(request.Position.Split('+', 2)[0], CultureInfo.InvariantCulture);

    private PageRequest At(long offset, string? known) => new(string.Create(CultureInfo.InvariantCulture, $"{offset}{(known is null ? "" : "+")}{known}"))
    {
        Params = Params(PageParam.Of(OffsetParam, offset), Size(LimitParam, PageSize)),
        Known = known,
    };
}
