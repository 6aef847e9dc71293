using Tidemark.Sources;

namespace Tidemark.Http.Paging;

/// <summary>Links to next pages: the position is the absolute address.</summary>
internal static class PageLink
{
    public static PageRequest First(string? position) =>
        position is null or "" ? new PageRequest("")
        : Uri.TryCreate(position, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new PageRequest(position) { Url = url }
        : throw new FormatException("the position is no address of a page");

    public static PageStep Follow(Uri answered, string link) =>
        Uri.TryCreate(answered, link, out var url) && url.Scheme is "http" or "https"
            ? PageStep.To(new PageRequest(url.AbsoluteUri) { Url = url })
            : throw new SourceException($"found the link '{(link.Length > 200 ? link[..200] : link)}' to the next page, expected an address");
}
