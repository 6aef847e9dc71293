using Tidemark.Http.Signals;
using Tidemark.Http.Tests.Support;
using Tidemark.Http.Wire;

namespace Tidemark.Http.Tests.Wire;

public sealed class ServerClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTimeProvider _time = new();
    private readonly ServerClock _clock;

    public ServerClockTests() => _clock = new ServerClock(_time);

    [Fact]
    public void Dates_of_whole_seconds_and_what_passes_between_them_come_close_to_the_clock_and_never_pass_it()
    {
        // Answers each 70 ms of a server whose clock is three hours ahead, 450 ms past the second.
        var server = Noon.AddHours(3).AddMilliseconds(450);
        ClockReading last = default;
        for (var i = 0; i < 40; i++)
        {
            last = _clock.Read(new DateTimeOffset(server.Ticks - (server.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
            last.Finer.ShouldBeInRange(last.Date, server);
            if (i == 0) last.Finer.ShouldBe(last.Date);
            _time.Advance(TimeSpan.FromMilliseconds(70));
            server = server.AddMilliseconds(70);
        }
        (server.AddMilliseconds(-70) - last.Finer).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(70));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(-3)]
    [InlineData(2)]
    [InlineData(3600)]
    public void Clock_that_was_set_is_believed(int seconds)
    {
        _clock.Read(Noon);
        _clock.Read(Noon.AddSeconds(seconds)).ShouldBe(ClockReading.Of(Noon.AddSeconds(seconds)));
    }

    [Fact]
    public void Server_without_a_date_is_taken_to_have_our_clock()
    {
        _clock.Read(Noon.AddHours(-3));
        _clock.Read(null).ShouldBe(ClockReading.Of(_time.GetUtcNow()));
    }
}
