using Tidemark.Http.Paging;

namespace Tidemark.Http;

/// <summary>The Link header (RFC 8288) holds the address of the next page, which is used exactly as given. It ends when there is none.</summary>
public sealed record LinkHeaderPaginator : Paginator
{
    /// <summary>The relation that leads to the next page; default <c>next</c>.</summary>
    public string LinksNextKey { get; init; } = "next";

    internal override bool IsAnnounced => true;

    internal override string Check => $"check links_next_key: is '{LinksNextKey}' the link to the next page?";

    internal override PageRequest First(string? position) => PageLink.First(position);

    private protected override PageStep Next(PageRequest sent, in PageFacts facts) =>
        LinkHeader.Find(facts.Link, LinksNextKey) is { } link ? PageLink.Follow(facts.Url, link) : PageStep.End;
}
