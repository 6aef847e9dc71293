namespace Tidemark.Http.Paging;

/// <summary>What follows a page.</summary>
/// <param name="Request">The next request; null: there is none.</param>
/// <param name="CutShort">True if a maximum ended the paging although there would be more.</param>
internal readonly record struct PageStep(PageRequest? Request, bool CutShort)
{
    public static PageStep End => new(null, CutShort: false);

    public static PageStep Limit => new(null, CutShort: true);

    public static PageStep To(PageRequest request) => new(request, CutShort: false);
}
