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
}
