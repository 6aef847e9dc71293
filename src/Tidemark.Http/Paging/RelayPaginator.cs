using Tidemark.Http.Paging;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>
/// GraphQL connections: the variables <c>first</c> and <c>after</c>, and <c>pageInfo { hasNextPage endCursor }</c> in the answer. It ends when hasNextPage is false.
/// </summary>
public sealed record RelayPaginator : Paginator
{
    private readonly JsonPath? _total;
    private readonly JsonPath? _pageInfo;

    /// <summary>Where the page info is; null (default): beside the records, so <c>data.clients.pageInfo</c> for <c>data.clients.edges[*].node</c>.</summary>
    public string? PageInfoPath
    {
        get => _pageInfo?.ToString();
        init => _pageInfo = value is null ? null : JsonPath.Parse(value);
    }

    /// <summary>How many records a page is asked to have, sent as <c>first</c>; null (default): it is not sent.</summary>
    public int? PageSize { get; init; }

    /// <summary>Where the answer says how many records there are in all, for plans and finish times; null (default): <c>totalCount</c> beside the page info.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    internal override string FreeSizeParam => "first";

    internal override int? FreeSize => PageSize;

    internal override bool IsAnnounced => true;

    internal override string Check => "does the query use the variable $after?";

    internal override int? PageLength => PageSize;

    internal override long PagesOf(long records, int pageLength, bool? endsEmpty) => FullPages(records, pageLength, endsEmpty: false);

    internal override long? TotalIn(in PageFacts facts)
    {
        // An empty page may come without a page info.
        if (_total is not null || facts.Count == 0) return facts.Number(_total);
        var info = Find(facts);
        return info.EndsWith(']') ? null : facts.Number(JsonPath.Parse(info[..(info.LastIndexOf('.') + 1)] + "totalCount"));
    }

    internal override PageRequest First(string? position) => At(position is null or "" ? null : position);

    private protected override PageStep Next(PageRequest sent, in PageFacts facts)
    {
        if (facts.Body.IsEmpty) return PageStep.End;
        var info = Find(facts);
        switch (facts.Text(JsonPath.Parse(info + ".hasNextPage")))
        {
            case "false":
                return PageStep.End;
            case "true":
                var cursor = facts.Text(JsonPath.Parse(info + ".endCursor"));
                return cursor is { Length: > 0 }
                    ? PageStep.To(At(cursor))
                    : throw new SourceException($"'{info}' says that there is a next page but has no endCursor; ask for pageInfo {{ hasNextPage endCursor }} in the query");
            default:
                throw new SourceException($"'{info}' has no hasNextPage; ask for pageInfo {{ hasNextPage endCursor }} in the query");
        }
    }

    // From the records upwards, the nearest pageInfo is the connection's own.
    private string Find(in PageFacts facts)
    {
        if (_pageInfo is not null)
        {
            return _pageInfo.TryFind(facts.Body, out _)
                ? _pageInfo.ToString()
                : throw new SourceException($"page_info_path '{_pageInfo}' matches nothing; ask for pageInfo {{ hasNextPage endCursor }} in the query, or correct the path");
        }
        var prefix = facts.RecordsPath;
        while (prefix.Length > 0)
        {
            prefix = prefix[..Math.Max(0, prefix.AsSpan().LastIndexOfAny('.', '['))];
            var candidate = prefix.Length == 0 ? "pageInfo" : prefix + ".pageInfo";
            if (!prefix.Contains("[*]", StringComparison.Ordinal) && JsonPath.Parse(candidate).TryFind(facts.Body, out _)) return candidate;
        }
        throw new SourceException($"there is no pageInfo beside the records at '{facts.RecordsPath}'; "
            + "ask for pageInfo { hasNextPage endCursor } in the query, or say where it is with page_info_path");
    }

    private PageRequest At(string? after) => new(after ?? "")
    {
        Params = Params(Size(FreeSizeParam, PageSize), after is null ? null : PageParam.Of("after", after)),
    };
}
