using Tidemark.Http.Paging;
using Tidemark.Records;

namespace Tidemark.Http;

/// <summary>Each answer holds the cursor of the next page. It ends when there is no cursor, an empty one, or the one that was sent.</summary>
public sealed record CursorPaginator : Paginator
{
    private readonly JsonPath? _total;
    private readonly JsonPath? _path;

    /// <summary>Where the answer holds the cursor, a text or a number. Required.</summary>
    public string? CursorPath
    {
        get => _path?.ToString();
        init => _path = value is null ? null : JsonPath.Parse(value);
    }

    /// <summary>The parameter with the cursor; default <c>cursor</c>.</summary>
    public string CursorParam { get; init; } = "cursor";

    /// <summary>The cursor of the first page; null (default): none is sent.</summary>
    public string? Initial { get; init; }

    /// <summary>How many records a page is asked to have; null (default): the server's choice.</summary>
    public int? PageSize { get; init; }

    /// <summary>The parameter with the page's size; null (default): it is not sent.</summary>
    public string? PageSizeParam { get; init; }

    /// <summary>Where the answer says how many records there are in all, for plans and finish times; null (default): nowhere. Where it is known, fewer are an error.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    internal override JsonPath? NextPath => _path;

    internal override bool IsAnnounced => true;

    internal override string? FreeSizeParam => PageSizeParam;

    internal override int? FreeSize => PageSize;

    internal override string Check => $"check cursor_param: does the server know '{CursorParam}'?";

    internal override int? PageLength => PageSizeParam is null ? null : PageSize;

    // With a cursor for the first page, as in Solr's family, the end is the cursor that was sent: behind the last records an empty page shows it.
    internal override long PagesOf(long records, int pageLength, bool? endsEmpty) => FullPages(records, pageLength, endsEmpty ?? Initial is not null);

    internal override long? TotalIn(in PageFacts facts) => facts.Number(_total);

    // A position is the cursor as JSON, so that a number stays one.
    internal override PageRequest First(string? position) =>
        position is not (null or "") ? At(position, PageParam.OfJson(CursorParam, position))
        : Initial is { } initial ? At("", PageParam.Of(CursorParam, initial))
        : At("", null);

    internal override (string? Key, string Message)? Problem() =>
        _path is null ? (null, "the key 'cursor_path' is missing")
        : PageSizeParam is not null && PageSize is null ? ("page_size_param", "page_size_param without page_size sends nothing; give page_size")
        : null;

    internal override long? CountThrough(PageRequest sent, in PageFacts facts, long? read) => read;

    private protected override PageStep Next(PageRequest sent, in PageFacts facts)
    {
        if (facts.TokenAt(_path!) is not { } cursor) return PageStep.End;
        var next = PageParam.OfJson(CursorParam, cursor);
        var before = sent.Params.FirstOrDefault(p => string.Equals(p.Name, CursorParam, StringComparison.Ordinal)).Text;
        return string.Equals(next.Text, before, StringComparison.Ordinal) ? PageStep.End : PageStep.To(At(cursor, next));
    }

    private PageRequest At(string position, PageParam? cursor) => new(position) { Params = Params(cursor, Size(PageSizeParam, PageSize)) };
}
