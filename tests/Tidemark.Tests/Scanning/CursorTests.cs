using Tidemark.Scanning;

namespace Tidemark.Tests.Scanning;

public class CursorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-01-09", "2026-01-09T00:00:00Z")]
    [InlineData("2026-01-09T10:00Z", "2026-01-09T10:00:00.000Z")]
    [InlineData("2026-01-09 10:00:00", "2026-01-09T10:00:00Z")]
    [InlineData("2026-01-09T12:00:00+02:00", "2026-01-09T10:00:00Z")]
    [InlineData("2026-01-09T04:30:00-0530", "2026-01-09T10:00:00Z")]
    [InlineData("2026-01-09T10:00:00,5Z", "2026-01-09T10:00:00.500000000Z")]
    [InlineData("9", "9.0")]
    [InlineData("1e3", "1000")]
    public void Values_that_mean_the_same_compare_as_equal(string a, string b) => CursorKinds.Compare(a, b).ShouldBe(0);

    [Theory]
    [InlineData("2026-01-09T10:00:00.123456788Z", "2026-01-09T10:00:00.123456789Z")]
    [InlineData("2026-01-09T23:00:00+02:00", "2026-01-09T22:00:00Z")]
    [InlineData("9", "10")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("-5", "3")]
    [InlineData("abc", "abd")]
    [InlineData("Zoé", "zoé")]
    [InlineData("\uffee", "😀")]
    public void Older_value_compares_as_older(string older, string newer)
    {
        CursorKinds.Compare(older, newer)!.Value.ShouldBeLessThan(0);
        CursorKinds.Compare(newer, older)!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("2026-01-09", "abc")]
    [InlineData("12", "abc")]
    [InlineData("12", "2026-01-09")]
    public void Values_of_different_kinds_do_not_compare(string a, string b) => CursorKinds.Compare(a, b).ShouldBeNull();

    [Theory]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-09T25:00:00Z")]
    [InlineData("2026-01-09T10:00:00+25:00")]
    [InlineData("2026-01-09T10:00:00.Z")]
    [InlineData("2026-01-09T10")]
    [InlineData("26-01-09")]
    [InlineData("2026-01-09T10:00:00Z ")]
    [InlineData("")]
    public void Text_that_is_no_time_is_not_read_as_one(string text) => IsoTime.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(CursorKind.Time, "2026-01-09T10:00:00Z", "n/a")]
    [InlineData(CursorKind.EpochS, "1767916800")]
    [InlineData(CursorKind.EpochMs, "1767916800000")]
    [InlineData(CursorKind.EpochMs, "253402300799000", "1767916800000")]
    [InlineData(CursorKind.Number, "42", "43")]
    [InlineData(CursorKind.Number, "5000000000")]
    [InlineData(CursorKind.Text, "01JH8ZC", "01JH8ZD")]
    public void Kind_is_what_most_values_look_like(CursorKind expected, params string[] samples) => CursorKinds.Settle(CursorFormat.Auto, samples, Now).ShouldBe(expected);

    [Fact]
    public void Kind_without_any_value_is_left_open() => CursorKinds.Settle(CursorFormat.Auto, [], Now).ShouldBeNull();
}
