using Tidemark.Cli.Monitoring;
using Tidemark.Destinations;
using Tidemark.Runs.Forecasts;

namespace Tidemark.EndToEnd.Monitoring;

/// <summary>Which of the finish times in the store is that of the run that goes on.</summary>
public sealed class StoredForecastsTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    [Trait("guarantee", "G89")]
    public void What_a_run_foretold_before_the_stream_was_taken_over_is_another_one_s()
    {
        var holder = LeaseOwner.Current(TimeProvider.System);
        StoredForecasts.ForetoldOf("s", holder, [At(-5, "s")]).ShouldBeNull();
        StoredForecasts.ForetoldOf("s", holder, [At(3, "other"), At(2, "s"), At(-5, "s")])!.EndsAt.ShouldBe(Now.AddSeconds(2 + 60));
        StoredForecasts.ForetoldOf("s", "somebody who does not say since when", [At(-5, "s")]).ShouldNotBeNull();
    }

    private static RunForecast At(int second, string stream) => new(Now.AddSeconds(second), [new StreamFinish(stream, 0) { EndsAt = Now.AddSeconds(second + 60) }]);
}
