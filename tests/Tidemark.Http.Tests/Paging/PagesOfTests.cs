using System.Globalization;
using System.Text;
using Tidemark.Http.Paging;

namespace Tidemark.Http.Tests.Paging;

/// <summary>What a paginator says of the number of pages is what it does: each is walked over lists of all lengths.</summary>
public sealed class PagesOfTests
{
    private const int Longest = 40;

    public static TheoryData<string> Numbered => ["page", "page with total", "offset", "offset with total", "offset without overlap", "offset without overlap, with total"];

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Numbered_pages_are_as_many_as_the_paginator_asks_for(string paging)
    {
        Paginator paginator = paging switch
        {
            "page" => new PageNumberPaginator(),
            "page with total" => new PageNumberPaginator { TotalPath = "total" },
            "offset" => new OffsetPaginator(),
            "offset with total" => new OffsetPaginator { TotalPath = "total" },
            "offset without overlap" => new OffsetPaginator { Overlap = false },
            _ => new OffsetPaginator { Overlap = false, TotalPath = "total" },
        };
        for (var size = 1; size <= 7; size++)
        {
            for (var records = 0; records <= Longest; records++) paginator.PagesOf(records, size, endsEmpty: null).ShouldBe(Walk(paginator, records, size), $"{records} records, {size} a page");
        }
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    [InlineData("*", false, false)]
    [InlineData("*", true, true)]
    [InlineData("*", true, null)]
    [InlineData(null, false, null)]
    public void Cursors_end_with_the_last_records_or_with_an_empty_page(string? initial, bool endsEmpty, bool? seen)
    {
        var paginator = new CursorPaginator { CursorPath = "next", Initial = initial };
        for (var records = 0; records <= Longest; records++)
        {
            var (sent, pages) = (paginator.First(null), 1);
            for (var left = records - 7; sent is not null; left -= 7, pages++)
            {
                var same = sent.Params is [{ Text: { } before }] ? $"\"{before}\"" : "null";
                var next = left > 0 || (endsEmpty && left > -7) ? $"\"{left}\"" : endsEmpty ? same : "null";
                sent = paginator.After(sent, Math.Clamp(left + 7, 0, 7), $$"""{"next":{{next}}}""").Request;
            }
            paginator.PagesOf(records, 7, seen).ShouldBe(pages - 1, $"{records} records");
        }
    }

    [Fact]
    public void Connections_end_with_the_last_records()
    {
        var paginator = new RelayPaginator();
        paginator.PagesOf(0, 10, endsEmpty: true).ShouldBe(1);
        paginator.PagesOf(20, 10, endsEmpty: true).ShouldBe(2);
        paginator.PagesOf(21, 10, endsEmpty: null).ShouldBe(3);
    }

    [Fact]
    public void One_page_is_one_however_long()
    {
        new SinglePagePaginator().PagesOf(1_000_000, 1, null).ShouldBe(1);
        new NextUrlPaginator { NextUrlPath = "next" }.PagesOf(20, 10, null).ShouldBe(2);
        new LinkHeaderPaginator().PagesOf(20, 10, endsEmpty: true).ShouldBe(3);
    }

    [Fact]
    public void Maximum_ends_it()
    {
        new PageNumberPaginator { MaximumPage = 3, BasePage = 0 }.PagesOf(1_000, 10, null).ShouldBe(4);
        new OffsetPaginator { MaximumOffset = 100, Overlap = false }.PagesOf(1_000, 10, null).ShouldBe(11);
    }

    [Theory]
    [InlineData("cursor", """{"header":{"total":34969}}""", 34969L)]
    [InlineData("cursor", """{"header":{"total":"34969"}}""", 34969L)]
    [InlineData("cursor", """{"header":{}}""", null)]
    [InlineData("relay", """{"data":{"all":{"pageInfo":{"hasNextPage":true},"totalCount":1344}}}""", 1344L)]
    [InlineData("relay", """{"data":{"all":{"pageInfo":{"hasNextPage":true}}}}""", null)]
    [InlineData("relay elsewhere", """{"page['x']":{},"a":{"b":{}},"count":7}""", 7L)]
    public void Total_is_found_where_it_is_told(string paging, string body, long? total)
    {
        Paginator paginator = paging switch
        {
            "cursor" => new CursorPaginator { CursorPath = "header.next", TotalPath = "header.total" },
            "relay" => new RelayPaginator(),
            _ => new RelayPaginator { PageInfoPath = "a.b", TotalPath = "count" },
        };
        paginator.TotalIn(Facts(body, 1)).ShouldBe(total);
    }

    [Fact]
    public void Connection_without_records_tells_no_total_and_needs_no_page_info() => new RelayPaginator().TotalIn(Facts("{}", 0)).ShouldBeNull();

    private static PageFacts Facts(string body, int count) =>
        new() { Body = Encoding.UTF8.GetBytes(body), Count = count, Url = new Uri("http://api.test"), RecordsPath = "data.all.edges[*].node" };

    private static int Walk(Paginator paginator, int records, int size)
    {
        var (sent, pages, longest) = (paginator.First(null), 0, 0);
        while (sent is not null)
        {
            var number = int.Parse(sent.Position.Split('+')[0], CultureInfo.InvariantCulture);
            var from = paginator is PageNumberPaginator ? (number - 1) * size : number;
            var count = Math.Clamp(records - from, 0, size);
            pages++;
            sent = paginator.After(sent, count, $$"""{"total":{{records}}}""", longest).Request;
            longest = Math.Max(longest, count);
        }
        return pages;
    }
}
