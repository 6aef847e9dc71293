using Tidemark.Http.Calls;
using Tidemark.Http.Signals;

namespace Tidemark.Http.Tests.Calls;

public sealed class CostFitTests
{
    private static readonly QueryPrice TooDear = new() { Requested = 4000, Maximum = 1000 };

    [Fact]
    public void Page_size_is_halved_until_the_query_should_fit()
    {
        var fit = new CostFit(100);

        fit.TryLower(TooDear, 100).ShouldBeTrue();

        fit.Now.ShouldBe((25, 1000));
    }

    [Fact]
    public void Page_size_is_halved_once_where_the_bucket_is_large_enough_or_unknown()
    {
        var fit = new CostFit(100);

        fit.TryLower(new QueryPrice { Requested = 800, Maximum = 1000 }, 100).ShouldBeTrue();
        fit.Now.ShouldBe((50, 400));
        fit.TryLower(new QueryPrice(), 50).ShouldBeTrue();
        fit.Now.ShouldBe((25, null));
    }

    [Fact]
    public void Readings_that_were_refused_together_lower_it_once()
    {
        var fit = new CostFit(100);

        fit.TryLower(TooDear, 100).ShouldBeTrue();
        fit.TryLower(TooDear, 100).ShouldBeTrue();

        fit.Now.PageSize.ShouldBe(25);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void There_is_nothing_to_lower_below_one_or_where_it_is_not_known(int? size)
    {
        var fit = new CostFit(size);

        fit.TryLower(TooDear, size).ShouldBeFalse();

        (fit.Now.PageSize, fit.News()).ShouldBe((size, null));
    }

    [Fact]
    public void News_are_told_once_for_all_that_was_lowered()
    {
        var fit = new CostFit(100);
        fit.TryLower(TooDear, 100);
        fit.TryLower(TooDear with { Requested = 2500.5 }, 25);

        fit.News().ShouldBe("a page of 100 records costs more than the server allows (the query costs up to 4000): from now on this run asks for 6 a page");
        fit.News().ShouldBeNull();
    }
}
