using Tidemark.Checkpoints;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

public class CheckpointResetTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 9, 10, 0, 0, TimeSpan.Zero);

    private static readonly Checkpoint Now = new()
    {
        BatchNumber = 12, LastFullRead = 500, Watermark = "2026-01-09T10:00:00Z", LastSuccess = Then, Boundary = "{}", Resume = "{}", Complete = true,
    };

    [Fact]
    public void Forgotten_checkpoint_keeps_only_its_number_and_the_size_of_the_last_full_read() =>
        CheckpointReset.Preview(Stream(CursorFormat.Auto), Now, to: null).ShouldBe(new Checkpoint { BatchNumber = 12, LastFullRead = 500 });

    [Theory]
    [InlineData(CursorFormat.Auto, "2026-01-09T10:00:00Z", "2026-01-01")]
    [InlineData(CursorFormat.Auto, "1767952800", "1")]
    [InlineData(CursorFormat.Auto, "abc", "anything")]
    [InlineData(CursorFormat.Auto, null, "2026-01-01")]
    [InlineData(CursorFormat.Text, null, "anything")]
    [InlineData(CursorFormat.Integer, null, "7")]
    [InlineData(CursorFormat.EpochMs, "1767952800000", "1767952800001")]
    public void Watermark_moves_to_a_value_of_its_kind(CursorFormat format, string? watermark, string to) =>
        CheckpointReset.Preview(Stream(format), Now with { Watermark = watermark }, to)
            .ShouldBe(new Checkpoint { BatchNumber = 12, LastFullRead = 500, Watermark = to, LastSuccess = Then, Complete = true });

    [Theory]
    [InlineData(CursorFormat.Auto, "2026-01-09T10:00:00Z", "yesterday", "found 'yesterday', expected a value of 'at' like the watermark now, 2026-01-09T10:00:00Z")]
    [InlineData(CursorFormat.Auto, "12", "2026-01-09", "found '2026-01-09', expected a value of 'at' like the watermark now, 12")]
    [InlineData(CursorFormat.Auto, null, "anything", "found 'anything', expected a value of 'at' such as 2026-01-09T10:00:00Z or 4711; if it is text, set cursor_format: text")]
    [InlineData(CursorFormat.Integer, null, "x", "found 'x', expected a value of 'at' that fits its cursor_format")]
    public void Value_of_another_kind_is_refused(CursorFormat format, string? watermark, string to, string message) =>
        Should.Throw<FormatException>(() => CheckpointReset.Preview(Stream(format), Now with { Watermark = watermark }, to)).Message.ShouldBe(message);

    [Fact]
    public void Stream_without_a_cursor_has_its_last_success_moved()
    {
        var stream = Stream(CursorFormat.Auto) with { Incremental = null };
        CheckpointReset.Preview(stream, Now, "2026-01-01T02:00:00+02:00")
            .ShouldBe(new Checkpoint { BatchNumber = 12, LastFullRead = 500, LastSuccess = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Complete = true });
        Should.Throw<FormatException>(() => CheckpointReset.Preview(stream, Now, "12")).Message
            .ShouldBe("found '12', expected a time such as 2026-01-09T10:00:00Z: 'rows' has no cursor field, so only its last success can be moved");
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+02:00")]
    [InlineData("9999-12-31T23:30:00-01:00")]
    public void Time_outside_of_the_years_that_can_be_told_is_refused_where_it_becomes_one(string to)
    {
        Should.Throw<FormatException>(() => CheckpointReset.Preview(Stream(CursorFormat.Auto) with { Incremental = null }, Now, to)).Message.ShouldStartWith($"found '{to}', expected a time such as");
        CheckpointReset.Preview(Stream(CursorFormat.Auto), Now, to).Watermark.ShouldBe(to);
        var plan = StreamPlan.Of(Stream(CursorFormat.Auto), new RunOptions { Since = to }, Now, tableHadRows: true, Then);
        (plan.Scan.Floor, plan.Values.LastSuccess).ShouldBe((to, null));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", 0)]
    [InlineData("9999-12-31T23:59:59.999999999Z", 3155378975999999999)]
    public void First_and_last_moments_are_times(string text, long ticks) => IsoTime.TimeOf(text)!.Value.UtcTicks.ShouldBe(ticks);

    private static StreamDefinition Stream(CursorFormat format) => new()
    {
        Name = "rows", Request = new FakeRequest(), Incremental = new IncrementalDefinition { CursorField = "at", CursorFormat = format },
    };
}
