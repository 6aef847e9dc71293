using FsCheck;
using FsCheck.Fluent;
using Tidemark.Slices;

namespace Tidemark.Tests.Slices;

public sealed class SliceRangeTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Range_of_times_is_cut_into_steps_and_a_shorter_last_one()
    {
        var slices = new TimeRange(Start, Start.AddDays(17), TimeSpan.FromDays(7)).Cut(default).ToList();
        slices.Select(s => s.Name).ShouldBe(["2025-01-01", "2025-01-08", "2025-01-15"]);
        slices[1].From.ShouldBe(Start.AddDays(7));
        slices[1].To.ShouldBe(Start.AddDays(14));
        slices[2].To.ShouldBe(Start.AddDays(17));
    }

    [Fact]
    public void Range_without_an_end_grows_and_its_slices_keep_their_names()
    {
        var range = new TimeRange(Start, null, TimeSpan.FromHours(6));
        var today = range.Cut(Start.AddHours(13)).Select(s => s.Name).ToList();
        today.ShouldBe(["2025-01-01T00:00:00Z", "2025-01-01T06:00:00Z", "2025-01-01T12:00:00Z"]);
        range.Cut(Start.AddHours(20)).Select(s => s.Name).Take(3).ShouldBe(today);
    }

    [Fact]
    public void Slices_of_numbers_cover_the_range_once() => Check.QuickThrowOnFailure(Prop.ForAll<int, PositiveInt, PositiveInt>((from, length, step) =>
    {
        var range = new NumberRange(from, from + (long)length.Get, step.Get);
        var slices = range.Cut(default).ToList();
        return slices[0].FirstNumber == from && slices[^1].EndNumber == range.To && slices.Count == range.Count(default)
            && slices.Zip(slices.Skip(1)).All(p => p.First.EndNumber == p.Second.FirstNumber)
            && slices.TrueForAll(s => s.EndNumber - s.FirstNumber is > 0 and var width && width <= step.Get);
    }));

    [Fact]
    public void Numbers_near_the_largest_one_end()
    {
        new NumberRange(long.MaxValue - 5, long.MaxValue, 4).Cut(default).Select(s => (s.FirstNumber, s.EndNumber)).ShouldBe([(long.MaxValue - 5, long.MaxValue - 1), (long.MaxValue - 1, long.MaxValue)]);
    }
}
