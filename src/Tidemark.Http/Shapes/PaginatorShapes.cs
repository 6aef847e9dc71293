using Tidemark.Definitions;
using Tidemark.Records;

namespace Tidemark.Http.Shapes;

/// <summary>The keys of paginators.</summary>
internal static class PaginatorShapes
{
    private static readonly Format<int> Size = Formats.Made(Formats.Integer(1, int.MaxValue), n => (int)n);
    private static readonly Format<JsonPath> Place = Formats.Parsed(JsonPath.Parse);

    /// <summary>Any of them.</summary>
    public static Variants<Paginator> Any { get; } = new Variants<Paginator>("paginator")
        .Add("page_number", Of("Numbered pages.", () => new PageNumberPaginator())
            .Optional("page_param", Formats.Text, (p, v) => p with { PageParam = v }, "The parameter with the page's number; default page.")
            .Optional("base_page", Formats.Integer(), (p, v) => p with { BasePage = v }, "The number of the first page; default 1.")
            .Optional("page_size", Size, (p, v) => p with { PageSize = v }, "How many records a page is asked to have; default: the server's choice.")
            .Optional("page_size_param", Formats.Text, (p, v) => p with { PageSizeParam = v }, "The parameter with the page's size; default: it is not sent.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all.")
            .Optional("maximum_page", Formats.Integer(), (p, v) => p with { MaximumPage = v }, "The highest page number that is asked for; reaching it makes the scan incomplete.")
            .Rule(p => p.Problem()))
        .Add("offset", Of("Pages that start after a number of records.", () => new OffsetPaginator())
            .Optional("offset_param", Formats.Text, (p, v) => p with { OffsetParam = v }, "The parameter with the offset; default offset.")
            .Optional("limit_param", Formats.Text, (p, v) => p with { LimitParam = v }, "The parameter with the page's size; default limit, sent with page_size only.")
            .Optional("page_size", Size, (p, v) => p with { PageSize = v }, "How many records a page is asked to have; default: the server's choice.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all.")
            .Optional("maximum_offset", Formats.Integer(), (p, v) => p with { MaximumOffset = v }, "The highest offset that is asked for; reaching it makes the scan incomplete.")
            .Optional("overlap", Formats.Boolean, (p, v) => p with { Overlap = v }, "Whether pages overlap by a record and are compared, so that data that moves is noticed; default true.")
            .Rule(p => p.Problem()))
        .Add("cursor", Of("Each answer holds the cursor of the next page.", () => new CursorPaginator())
            .Required("cursor_path", Place, (p, v) => p with { CursorPath = v.ToString() }, "Where the answer holds the cursor.")
            .Optional("cursor_param", Formats.Text, (p, v) => p with { CursorParam = v }, "The parameter with the cursor; default cursor.")
            .Optional("initial", Formats.Text, (p, v) => p with { Initial = v }, "The cursor of the first page; default: none is sent.")
            .Optional("page_size", Size, (p, v) => p with { PageSize = v }, "How many records a page is asked to have; default: the server's choice.")
            .Optional("page_size_param", Formats.Text, (p, v) => p with { PageSizeParam = v }, "The parameter with the page's size; default: it is not sent.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all, for plans and finish times; fewer are an error. Default: nowhere.")
            .Rule(p => p.Problem()))
        .Add("next_url", Of("Each answer holds the address of the next page.", () => new NextUrlPaginator())
            .Required("next_url_path", Place, (p, v) => p with { NextUrlPath = v.ToString() }, "Where the answer holds the address.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all, for plans and finish times; default: nowhere."))
        .Add("link_header", Of("The Link header holds the address of the next page.", () => new LinkHeaderPaginator())
            .Optional("links_next_key", Formats.Text, (p, v) => p with { LinksNextKey = v }, "The relation that leads to the next page; default next.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all, for plans and finish times; default: nowhere."))
        .Add("relay", Of("GraphQL connections with pageInfo.", () => new RelayPaginator())
            .Optional("page_info_path", Place, (p, v) => p with { PageInfoPath = v.ToString() }, "Where the page info is; default: beside the records.")
            .Optional("page_size", Size, (p, v) => p with { PageSize = v }, "How many records a page is asked to have, sent as first; default: it is not sent.")
            .Optional("total_path", Place, (p, v) => p with { TotalPath = v.ToString() }, "Where the answer says how many records there are in all, for plans and finish times; default: totalCount beside the page info."))
        .Add("single_page", Of("One answer holds everything.", () => new SinglePagePaginator()));

    private static Shape<T> Of<T>(string description, Func<T> create) where T : Paginator => new Shape<T>(description, create)
        .Optional("stop_after_empty_page", Formats.Boolean, (p, v) => (T)(p with { StopAfterEmptyPage = v }), "Whether a page without records is the last one; default true.")
        .Optional("max_pages", Formats.Integer(1), (p, v) => (T)(p with { MaxPages = v }), "How many pages a reading takes at most; reaching it makes the scan incomplete. Default: all.");
}
