using Tidemark.Runs;

namespace Tidemark.Configuration.Tests;

public sealed class ScheduleTests : IDisposable
{
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Every_is_read() => ScheduleOf("every: 15m").ShouldBe(new StreamSchedule { Every = TimeSpan.FromMinutes(15) });

    [Fact]
    public void Schedule_is_read_with_its_time_zone() =>
        ScheduleOf("schedule: \"0 30 6 ? * MON-FRI\", time_zone: Europe/Paris").ShouldBe(new StreamSchedule { Cron = "0 30 6 ? * MON-FRI", TimeZone = "Europe/Paris" });

    [Fact]
    public void Stream_without_either_has_none() => ScheduleOf("priority: 1").ShouldBeNull();

    [Theory]
    [InlineData("every: 500ms", "tidemark.yaml:7:30: found less than 1s, expected a longer duration, such as 15m")]
    [InlineData("every: 15m, schedule: \"0 0 6 * * ?\"", "tidemark.yaml:7:42: found every and schedule: take one of them out")]
    [InlineData("time_zone: Europe/Paris", "tidemark.yaml:7:30: time_zone is of schedule, which is missing: add it, or take time_zone out")]
    [InlineData("every: 1h, time_zone: Europe/Paris", "tidemark.yaml:7:41: time_zone is of schedule; every is the same everywhere: take time_zone out")]
    [InlineData("schedule: \"0 0 6 * * ?\", time_zone: Europe/Pariss", "tidemark.yaml:7:66: found 'Europe/Pariss', which is no time zone; did you mean 'Europe/Paris'?")]
    [InlineData("schedule: \"0 0 0 30 2 ?\"", "tidemark.yaml:7:40: found '0 0 0 30 2 ?', which never comes")]
    public void What_is_wrong_with_a_schedule_is_told_in_its_place(string keys, string error) => _scene.Errors(Whole(keys)).ShouldBe([error]);

    [Theory]
    [InlineData("\"*/15 * * * *\"", "; five fields are crontab's: put the seconds before them")]
    [InlineData("daily", "")]
    [InlineData("\"0 61 * * * ?\"", "")]
    public void What_is_no_cron_expression_of_this_form_is_refused_with_an_example(string text, string hint) => _scene.Errors(Whole($"schedule: {text}")).ShouldBe(
        [$"tidemark.yaml:7:40: found '{text.Trim('"')}', expected a cron expression of seconds, minutes, hours, day of month, month and day of week, such as \"0 */15 * * * ?\"{hint}"]);

    private StreamSchedule? ScheduleOf(string keys) => _scene.Read(Whole(keys)).Streams.Single().Schedule;

    private static string Whole(string keys) => ConfigurationScene.Head + $"  s: {{ request: {{ path: / }}, {keys} }}\n";
}
