using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Telemetry;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Tests.Telemetry;

public sealed class PointFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-points-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Ten_thousand_points_make_ten_files(int atOnce)
    {
        await using (var files = Open(new MetricFilesDefinition()))
        {
            for (var from = 0; from < 10_000; from += atOnce) (await files.WriteAsync(Points(from, Math.Min(atOnce, 10_000 - from)))).ShouldBe(0);
        }
        Names().ShouldBe(Enumerable.Range(1, 10).Select(i => $"metrics-{i:00000000}.jsonl"));
        foreach (var name in Names()) Lines(name).Length.ShouldBe(1000);
        Names().SelectMany(Lines).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("value").GetInt32()).ShouldBe(Enumerable.Range(0, 10_000));
    }

    [Fact]
    public async Task Oldest_files_go_first()
    {
        await using (var files = Open(new MetricFilesDefinition { PointsPerFile = 10, FileCount = 3 })) await files.WriteAsync(Points(0, 95));
        Names().ShouldBe(["metrics-00000008.jsonl", "metrics-00000009.jsonl", "metrics-00000010.jsonl"]);
        Lines("metrics-00000010.jsonl").Length.ShouldBe(5);
    }

    [Fact]
    public async Task File_of_a_process_that_was_killed_is_left_as_it_is()
    {
        await using (var files = Open(new MetricFilesDefinition())) await files.WriteAsync(Points(0, 1));
        await File.AppendAllTextAsync(Path.Combine(_directory, Names().Single()), "{\"time\":\"20");
        await using (var files = Open(new MetricFilesDefinition())) await files.WriteAsync(Points(1, 1));
        Lines("metrics-00000001.jsonl").Length.ShouldBe(2);
        JsonDocument.Parse(Lines("metrics-00000002.jsonl").Single()).RootElement.GetProperty("value").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Processes_side_by_side_have_a_file_each()
    {
        await using var first = Open(new MetricFilesDefinition());
        await using var second = Open(new MetricFilesDefinition());
        for (var i = 0; i < 5; i++)
        {
            await first.WriteAsync(Points(i, 1));
            await second.WriteAsync(Points(i, 1));
        }
        Names().Select(n => Lines(n).Length).ShouldBe([5, 5]);
    }

    [Fact]
    public async Task Points_that_no_disk_takes_are_counted_and_the_next_ones_are_written()
    {
        await using var files = Open(new MetricFilesDefinition { PointsPerFile = 2 });
        (await files.WriteAsync(Points(0, 2))).ShouldBe(0);
        Directory.Delete(_directory, recursive: true);
        (await files.WriteAsync(Points(2, 5))).ShouldBe(5);
        Directory.CreateDirectory(_directory);
        (await files.WriteAsync(Points(7, 3))).ShouldBe(0);
        Names().Select(n => Lines(n).Length).ShouldBe([2, 1]);
    }

    private PointFiles Open(MetricFilesDefinition definition) => new(_directory, definition, NullLogger.Instance);

    private string[] Names() => [.. Directory.GetFiles(_directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private string[] Lines(string name) => File.ReadAllLines(Path.Combine(_directory, name));

    private static List<MetricPoint> Points(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => new MetricPoint { Time = DateTimeOffset.UnixEpoch, Name = "x", Kind = MetricKind.Gauge, Value = i, Count = 1 })];
}
