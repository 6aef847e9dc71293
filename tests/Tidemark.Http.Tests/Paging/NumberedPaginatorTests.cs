using System.Globalization;
using System.Text;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Tests.Paging;

public sealed class NumberedPaginatorTests
{
    [Fact]
    public void PageNumber_start_sends_the_base_page_and_the_size_where_it_has_a_name()
    {
        new PageNumberPaginator { PageSize = 50 }.First(null).Query().ShouldBe("page=1");
        new PageNumberPaginator { PageSize = 50, PageSizeParam = "per_page", PageParam = "p", BasePage = 0 }.First(null).Query().ShouldBe("p=0&per_page=50");
    }

    [Fact]
    public void PageNumber_position_makes_the_same_request_again()
    {
        var paginator = new PageNumberPaginator();
        var next = paginator.After(paginator.First(null), 10).Request!;

        paginator.First(next.Position).Query().ShouldBe(next.Query());
        next.Query().ShouldBe("page=2");
    }

    [Theory]
    [InlineData(0, 0, true)] // empty
    [InlineData(5, 0, false)] // the first page's length counts, whatever was asked for
    [InlineData(5, 5, false)]
    [InlineData(4, 5, true)] // shorter than the pages before it
    public void PageNumber_without_total_ends_with_an_empty_or_shorter_page(int count, int longest, bool ends)
    {
        var paginator = new PageNumberPaginator { PageSize = 100, PageSizeParam = "size" };

        (paginator.After(paginator.First("3"), count, longest: longest).Request is null).ShouldBe(ends);
    }

    [Theory]
    [InlineData(1, 10, 21, false)]
    [InlineData(2, 10, 20, true)]
    [InlineData(2, 10, 21, false)]
    [InlineData(3, 1, 21, true)]
    public void PageNumber_with_total_ends_when_it_is_reached(int page, int count, int total, bool ends)
    {
        var paginator = new PageNumberPaginator { TotalPath = "meta.total" };

        var step = paginator.After(paginator.First($"{page}"), count, $$$"""{"meta":{"total":{{{total}}}}}""", longest: page > 1 ? 10 : 0);

        (step.Request is null).ShouldBe(ends);
        step.CutShort.ShouldBeFalse();
    }

    [Fact]
    public void PageNumber_at_the_maximum_is_cut_short()
    {
        var paginator = new PageNumberPaginator { MaximumPage = 2 };

        paginator.After(paginator.First("1"), 10).Request!.Position.ShouldBe("2");
        paginator.After(paginator.First("2"), 10).ShouldBe(Tidemark.Http.Paging.PageStep.Limit);
    }

    [Fact]
    public void PageNumber_that_may_pass_empty_pages_needs_another_end()
    {
        new PageNumberPaginator { StopAfterEmptyPage = false }.Problem()!.Value.Message.ShouldContain("total_path");
        var paginator = new PageNumberPaginator { StopAfterEmptyPage = false, MaximumPage = 9 };
        paginator.After(paginator.First(null), 0, longest: 3).Request!.Query().ShouldBe("page=2");
    }

    [Fact]
    public void PageNumber_position_of_another_paginator_is_refused() =>
        Should.Throw<FormatException>(() => new PageNumberPaginator().First("abc")).Message.ShouldContain("'abc'");

    [Fact]
    public void Offset_next_page_overlaps_by_one_record()
    {
        var paginator = new OffsetPaginator { PageSize = 100 };
        var first = paginator.First(null);
        first.Query().ShouldBe("offset=0&limit=100");

        var next = paginator.After(first, 100, last: "{\"id\":100}").Request!;

        next.Query().ShouldBe("offset=99&limit=100");
        next.Known.ShouldNotBeNull();
        paginator.First(next.Position).ShouldBeEquivalentTo(next);
    }

    [Fact]
    public void Offset_without_overlap_follows_the_records_that_came()
    {
        var paginator = new OffsetPaginator { Overlap = false, PageSize = 100 };

        // A server may give fewer than page_size.
        paginator.After(paginator.First(null), 40).Request!.Query().ShouldBe("offset=40&limit=100");
    }

    [Fact]
    public void Offset_ends_with_the_total_a_shorter_page_or_the_maximum()
    {
        var paginator = new OffsetPaginator { TotalPath = "total", MaximumOffset = 500 };

        paginator.After(paginator.First("60"), 40, """{"total":100}""").Request.ShouldBeNull();
        paginator.After(paginator.First("60"), 40, """{"total":101}""").Request.ShouldNotBeNull();
        paginator.After(paginator.First("60"), 39, "{}", longest: 40).Request.ShouldBeNull();
        paginator.After(paginator.First("480"), 40, "{}").CutShort.ShouldBeTrue();
    }

    [Fact]
    public void Offset_going_back_reads_the_page_before()
    {
        var paginator = new OffsetPaginator();

        paginator.Back(paginator.First("199+abc"), 100)!.Position.ShouldBe("100+abc");
        paginator.Back(paginator.First("50+abc"), 100)!.Position.ShouldBe("0+abc");
        paginator.Back(paginator.First("0+abc"), 100).ShouldBeNull();
    }

    // A part of pages 3 to 5, of 100 records each; the total when they were shared out was 1000.
    [Theory]
    [InlineData(4, 1000, 100, "page=5", 100)]
    [InlineData(5, 1000, 100, "end", 100)]
    [InlineData(5, 1001, 100, "page=6", 100)]
    [InlineData(6, 1100, 100, "end", 100)]
    [InlineData(5, 900, 100, "end", 100)]
    public void Part_of_numbered_pages_ends_at_its_last_and_goes_on_by_what_the_total_has_grown(long page, long total, int count, string next, int take) =>
        Within(new PageNumberPaginator { TotalPath = "total" }, page.ToString(CultureInfo.InvariantCulture), total, count).ShouldBe((next, take));

    [Theory]
    [InlineData(300, 1000, 100, "offset=400", 100)]
    [InlineData(400, 1000, 100, "end", 100)]
    [InlineData(450, 1000, 100, "end", 50)]
    [InlineData(450, 1030, 100, "end", 80)]
    [InlineData(400, 1030, 100, "offset=500", 100)]
    [InlineData(600, 1000, 100, "end", 0)]
    public void Part_of_offsets_ends_at_its_last_record_and_goes_on_by_what_the_total_has_grown(long offset, long total, int count, string next, int take) =>
        Within(new OffsetPaginator { TotalPath = "total", Overlap = false }, offset.ToString(CultureInfo.InvariantCulture), total, count).ShouldBe((next, take));

    [Fact]
    public void Part_is_entered_at_its_first_page()
    {
        var part = new PageRange(2, 3) { Length = 100, Total = 1000 };
        new PageNumberPaginator { BasePage = 0 }.Enter(part).Query().ShouldBe("page=2");
        new OffsetPaginator { PageSize = 100 }.Enter(part).Query().ShouldBe("offset=200&limit=100");
        new CursorPaginator { CursorPath = "next" }.WhyNotByPages.ShouldNotBeNull();
    }

    private static (string Next, int Take) Within(Paginator paginator, string position, long total, int count)
    {
        var facts = new PageFacts { Body = Encoding.UTF8.GetBytes($"{{\"total\":{total}}}"), Count = count, LongestBefore = 100, Url = new Uri("http://api.test/"), LastRecord = "{}"u8, RecordsPath = "items" };
        var sent = paginator.First(position);
        var (step, take) = paginator.Within(new PageRange(2, 3) { Length = 100, Total = 1000 }, sent, facts, paginator.After(sent, facts));
        return (step.Request?.Query() ?? "end", take);
    }
}
