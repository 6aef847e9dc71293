using Tidemark.Runs;
using Tidemark.Server.Schedules;
using Tidemark.Sources.Files;

namespace Tidemark.Server.Tests.Schedules;

public sealed class ScheduledStreamsTests
{
    private static readonly StreamSchedule Quarterly = new() { Every = TimeSpan.FromMinutes(15) };
    private static readonly StreamSchedule Nightly = new() { Cron = "0 0 3 * * ?", TimeZone = "Europe/Paris" };

    [Fact]
    public void Streams_of_one_schedule_are_one_group_in_the_order_of_the_pipeline() =>
        Groups(Stream("a", Quarterly), Stream("b", Nightly), Stream("c", Quarterly with { }), Stream("d", schedule: null)).ShouldBe([("every 15m", "a, c"), ("at 0 0 3 * * ? (Europe/Paris)", "b")]);

    [Fact]
    public void Child_without_a_schedule_goes_with_its_parent() =>
        Groups(Stream("a", Quarterly), Stream("b", schedule: null, "a"), Stream("c", Nightly, "a"), Stream("d", schedule: null, "b")).ShouldBe([("every 15m", "a, b, d"), ("at 0 0 3 * * ? (Europe/Paris)", "c")]);

    [Fact]
    public void Pipeline_without_schedules_has_no_groups() => Groups(Stream("a", schedule: null)).ShouldBeEmpty();

    private static IEnumerable<(string, string)> Groups(params StreamDefinition[] streams) =>
        ScheduledStreams.Of(new PipelineDefinition { Name = "p", Streams = streams }).Select(g => (g.When, string.Join(", ", g.Streams)));

    private static StreamDefinition Stream(string name, StreamSchedule? schedule, string? parent = null) =>
        new() { Name = name, Request = new FileRequest(), Schedule = schedule, Parent = parent is null ? null : new ParentDefinition(parent, []) };
}
