using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class TimestampsTests
{
    private static readonly string[] Fractions = ["", ".0", ".5", ".123", ".000001", ".999999", ".1234560", ".00000049", ".1234567", ".999999999"];
    private static readonly string[] Offsets = ["Z", "+00:00", "-00:00", "+01:00", "-05:30", "+13:45", "+0100", "-1400"];

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01 00:00:00.000001Z", 1)]
    [InlineData("1970-01-01T00:00:00+01:00", -3_600_000_000)]
    [InlineData("1969-12-31T23:59:59.9999999Z", -1)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800_000_000)]
    [InlineData("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999)]
    [InlineData("2024-02-29T00:00:00-18:00", 1_709_229_600_000_000)]
    public void Text_with_a_zone_is_read(string text, long expected)
    {
        Timestamps.TryParse(Encoding.UTF8.GetBytes(text), out var microseconds).ShouldBeTrue();
        microseconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-09")]
    [InlineData("2026-01-09T10:00:00")]
    [InlineData("2026-01-09T10:00Z")]
    [InlineData("2026-01-09T10:00:00.Z")]
    [InlineData("2026-01-09T10:00:00,5Z")]
    [InlineData("2026-01-09T10:00:60Z")]
    [InlineData("2026-01-09T24:00:00Z")]
    [InlineData("2026-01-09T10:60:00Z")]
    [InlineData("2026-02-29T10:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-1-09T10:00:00Z")]
    [InlineData("2026-01-09T10:00:00+1:00")]
    [InlineData("2026-01-09T10:00:00+19:00")]
    [InlineData("2026-01-09T10:00:00+01:60")]
    [InlineData("2026-01-09T10:00:00 +01:00")]
    [InlineData("2026-01-09T10:00:00Z ")]
    [InlineData("2026-01-09T10:00:00ZZ")]
    [InlineData("2026-01-09T10:00:0٣Z")]
    public void Text_that_is_none_is_not_read(string text) => Timestamps.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Generated_times_are_read_as_DateTimeOffset_reads_them() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<DateTime, byte, bool>((time, variant, blank) =>
        {
            // At the ends of the calendar an offset leads out of what DateTimeOffset holds.
            var whole = time.Year is 1 or 9999 ? new DateTime(2000, 1, 1) : time;
            var (fraction, offset) = (Fractions[variant % Fractions.Length], Offsets[variant / Fractions.Length % Offsets.Length]);
            var text = whole.ToString(blank ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + fraction + offset;
            var digits = fraction.TrimStart('.');
            var ticks = DateTimeOffset.Parse(text.Replace(fraction.Length > 0 ? fraction : " no fraction", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.None).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
            var micros = digits.Length == 0 ? 0 : long.Parse(digits.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            Timestamps.TryParse(Encoding.UTF8.GetBytes(text), out var found, out var exact).ShouldBeTrue(text);
            found.ShouldBe((ticks / TimeSpan.TicksPerMicrosecond) + micros, text);
            exact.ShouldBe(digits.Length <= 6 || digits[6..].All(d => d == '0'), text);
        }));

    [Fact]
    public void Every_day_is_read_as_DateOnly_has_it()
    {
        var epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        for (var day = 0; day <= DateOnly.MaxValue.DayNumber; day += 17)
        {
            var text = DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Dates.TryParse(Encoding.UTF8.GetBytes(text), out var days).ShouldBeTrue(text);
            days.ShouldBe(day - epoch);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-02-29")]
    [InlineData("2026-00-01")]
    [InlineData("2026-13-01")]
    [InlineData("2026-01-32")]
    [InlineData("2026/01/09")]
    [InlineData("2026-1-9")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-09 ")]
    [InlineData("+026-01-09")]
    public void Text_that_is_no_day_is_not_read(string text) => Dates.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
}
