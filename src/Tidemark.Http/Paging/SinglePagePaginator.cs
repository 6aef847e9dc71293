using Tidemark.Http.Paging;

namespace Tidemark.Http;

/// <summary>One answer holds everything.</summary>
public sealed record SinglePagePaginator : Paginator
{
    internal override string Check => "";

    internal override long PagesOf(long records, int pageLength, bool? endsEmpty) => 1;

    internal override PageRequest First(string? position) => new("");

    private protected override PageStep Next(PageRequest sent, in PageFacts facts) => PageStep.End;
}
