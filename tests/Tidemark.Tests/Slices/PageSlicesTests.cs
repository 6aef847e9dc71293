using Tidemark.Slices;

namespace Tidemark.Tests.Slices;

public sealed class PageSlicesTests
{
    [Theory]
    [InlineData(10, 0, 100, "1-")]
    [InlineData(10, 1000, 100, "1-")]
    [InlineData(10, 1001, 100, "1-10 11-")]
    [InlineData(10, 2000, 100, "1-10 11-")]
    [InlineData(1, 250, 100, "1-1 2-2 3-")]
    [InlineData(3, 10, 1, "1-3 4-6 7-9 10-")]
    public void Pages_follow_each_other_without_a_gap_and_the_last_slice_goes_on(int step, long total, int length, string expected)
    {
        var slices = new SlicesDefinition { Pages = step }.All(DateTimeOffset.UnixEpoch, total, length);
        string.Join(' ', slices.Select(s => $"{s.Pages!.First + 1}-{s.Pages.First + s.Pages.Count}")).ShouldBe(expected);
        slices.Select(s => s.Name).ShouldBe(slices.Select(s => $"{s.Pages!.First + 1}"));
        slices.ShouldAllBe(s => s.Pages!.Total == total && s.Pages.Length == length);
        PageSlices.CountOf(step, total, length).ShouldBe(slices.Count);
    }

    [Fact]
    public void Only_the_first_slice_is_known_before_the_first_answer() =>
        new SlicesDefinition { Pages = 5 }.All(DateTimeOffset.UnixEpoch).Select(s => (s.Name, s.Pages!.First, s.Pages.Count, s.Pages.Total)).ShouldBe([("1", 0L, 5L, null)]);
}
