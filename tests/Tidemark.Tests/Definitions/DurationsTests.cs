using FsCheck;
using FsCheck.Fluent;
using Tidemark.Definitions;

namespace Tidemark.Tests.Definitions;

public class DurationsTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("0s", 0)]
    [InlineData("30s", 30)]
    [InlineData("1.5h", 5400)]
    [InlineData("15m", 900)]
    [InlineData("7d", 604800)]
    [InlineData("2w", 1209600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1m250ms", 60.25)]
    [InlineData(" 6h ", 21600)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("P7D", 604800)]
    public void TryParse_reads_what_people_write(string text, double seconds)
    {
        Durations.TryParse(text, out var value).ShouldBeTrue();
        value.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("5m3")]
    [InlineData("1..5s")]
    [InlineData("1e3s")]
    [InlineData("5y")]
    [InlineData("36501d")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1X")]
    [InlineData("p7d")]
    [InlineData("P9999999D")]
    [InlineData("P99999999999D")]
    public void TryParse_of_anything_else_is_false(string text) => Durations.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_of_a_sum_beyond_a_century_is_false() => Durations.TryParse(string.Concat(Enumerable.Repeat("36500d", 400)), out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.25, "250ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(5400, "1h30m")]
    [InlineData(604800, "7d")]
    [InlineData(90061.001, "1d1h1m1.001s")]
    public void Format_gives_the_shortest_form(double seconds, string expected) => Durations.Format(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Fact]
    public void Formatted_duration_is_read_as_it_was() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll<PositiveInt, byte>((milliseconds, shift) =>
        {
            var value = TimeSpan.FromMilliseconds((long)milliseconds.Get << (shift % 33));
            if (value > TimeSpan.FromDays(36500)) return true;
            return Durations.TryParse(Durations.Format(value), out var again) && again == value;
        }));
}
