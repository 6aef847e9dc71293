using Tidemark.Runs.Forecasts;

namespace Tidemark.Tests.Runs;

public sealed class ForecastPaceTests
{
    [Fact]
    public void Forecasts_come_each_second_as_long_as_they_are_cheap()
    {
        var pace = new ForecastPace();
        pace.Pause.ShouldBe(TimeSpan.FromSeconds(1));
        // The first one makes its code ready, and any one may be disturbed.
        foreach (var milliseconds in new[] { 800, 3, 20, 900, 4 })
        {
            pace.Took(TimeSpan.FromMilliseconds(milliseconds));
            pace.Pause.ShouldBe(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Forecasts_that_work_long_come_seldom()
    {
        var pace = new ForecastPace();
        pace.Took(TimeSpan.FromSeconds(4));
        pace.Took(TimeSpan.FromSeconds(2));
        pace.Pause.ShouldBe(TimeSpan.FromSeconds(100));
        pace.Took(TimeSpan.FromMilliseconds(1));
        pace.Pause.ShouldBe(TimeSpan.FromSeconds(1));
    }
}
