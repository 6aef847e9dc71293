using Tidemark.Http.Paging;
using Tidemark.Records;

namespace Tidemark.Http;

/// <summary>The Link header (RFC 8288) holds the address of the next page, which is used exactly as given. It ends when there is none.</summary>
public sealed record LinkHeaderPaginator : Paginator
{
    private readonly JsonPath? _total;

    /// <summary>The relation that leads to the next page; default <c>next</c>.</summary>
    public string LinksNextKey { get; init; } = "next";

    /// <summary>Where the answer says how many records there are in all, for plans and finish times; null (default): nowhere.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    internal override bool IsAnnounced => true;

    internal override string Check => $"check links_next_key: is '{LinksNextKey}' the link to the next page?";

    internal override long PagesOf(long records, int pageLength, bool? endsEmpty) => FullPages(records, pageLength, endsEmpty ?? false);

    internal override long? TotalIn(in PageFacts facts) => facts.Number(_total);

    internal override PageRequest First(string? position) => PageLink.First(position);

    private protected override PageStep Next(PageRequest sent, in PageFacts facts) =>
        LinkHeader.Find(facts.Link, LinksNextKey) is { } link ? PageLink.Follow(facts.Url, link) : PageStep.End;
}
