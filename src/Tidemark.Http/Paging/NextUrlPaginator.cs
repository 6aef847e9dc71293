using Tidemark.Http.Paging;
using Tidemark.Records;

namespace Tidemark.Http;

/// <summary>Each answer holds the address of the next page, absolute or relative, which is used exactly as given. It ends when there is none.</summary>
public sealed record NextUrlPaginator : Paginator
{
    private readonly JsonPath? _total;
    private readonly JsonPath? _path;

    /// <summary>Where the answer holds the address. Required.</summary>
    public string? NextUrlPath
    {
        get => _path?.ToString();
        init => _path = value is null ? null : JsonPath.Parse(value);
    }

    /// <summary>Where the answer says how many records there are in all, for plans and finish times; null (default): nowhere.</summary>
    public string? TotalPath
    {
        get => _total?.ToString();
        init => _total = value is null ? null : JsonPath.Parse(value);
    }

    internal override JsonPath? NextPath => _path;

    internal override bool IsAnnounced => true;

    internal override string Check => $"check next_url_path: is '{NextUrlPath}' the link to the next page?";

    internal override long PagesOf(long records, int pageLength, bool? endsEmpty) => FullPages(records, pageLength, endsEmpty ?? false);

    internal override long? TotalIn(in PageFacts facts) => facts.Number(_total);

    internal override PageRequest First(string? position) => PageLink.First(position);

    internal override (string? Key, string Message)? Problem() => _path is null ? (null, "the key 'next_url_path' is missing") : null;

    private protected override PageStep Next(PageRequest sent, in PageFacts facts) =>
        facts.Text(_path!) is { Length: > 0 } link and not "false" ? PageLink.Follow(facts.Url, link) : PageStep.End;
}
