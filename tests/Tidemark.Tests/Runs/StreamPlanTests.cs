using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

public class StreamPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Earlier = Now.AddDays(-1);

    private static readonly Dictionary<string, StreamDefinition> Streams = new(StringComparer.Ordinal)
    {
        ["plain"] = Stream(),
        ["cursor"] = Stream() with { Incremental = new IncrementalDefinition { CursorField = "at" } },
        ["cursor from"] = Stream() with { Incremental = new IncrementalDefinition { CursorField = "at", InitialValue = "2020-01-01" } },
        ["filter"] = Stream() with { Request = new FakeRequest("{{ last_success }}") },
        ["now filter"] = Stream() with { Request = new FakeRequest("{{ now }}") },
        ["child"] = Stream() with { Parent = new ParentDefinition("parents", ["id"]), Incremental = new IncrementalDefinition { CursorField = "at" } },
        ["replace"] = Stream() with { WriteDisposition = WriteDisposition.Replace, Incremental = new IncrementalDefinition { CursorField = "at" } },
        ["full"] = Stream() with { Refresh = Refresh.Full, Incremental = new IncrementalDefinition { CursorField = "at" } },
        ["once"] = Stream() with { Refresh = Refresh.Once },
    };

    private static readonly Dictionary<string, Checkpoint> Checkpoints = new(StringComparer.Ordinal)
    {
        ["none"] = Checkpoint.None,
        ["complete"] = new Checkpoint { Complete = true, Watermark = "2026-01-09", Boundary = "{}", LastSuccess = Earlier },
        ["first left"] = new Checkpoint { Resume = Left(RunMode.First, null) },
        ["incremental left"] = new Checkpoint { Complete = true, Watermark = "2026-01-09", LastSuccess = Earlier, Resume = Left(RunMode.Incremental, "2026-01-05") },
        ["full left"] = new Checkpoint { Complete = true, Watermark = "2026-01-09", LastSuccess = Earlier, Resume = Left(RunMode.Full, null) },
    };

    private static readonly Dictionary<string, RunOptions> Options = new(StringComparer.Ordinal)
    {
        [""] = new RunOptions(),
        ["--full"] = new RunOptions { Full = true },
        ["--since"] = new RunOptions { Since = "2025-06-01" },
        ["--since id"] = new RunOptions { Since = "1234" },
        ["--full --since"] = new RunOptions { Full = true, Since = "2025-06-01" },
    };

    // What the plan says: mode, then the scan's watermark, its floor, the template's watermark and last success, then what it resumes.
    [Theory]
    [InlineData("plain", "none", "", "First - - - - -")]
    [InlineData("plain", "complete", "", "Full - - - - -")]
    [InlineData("plain", "incremental left", "", "Incremental 2026-01-05 - 2026-01-05 2026-01-09 Incremental")]
    [InlineData("cursor", "none", "", "First - - - - -")]
    [InlineData("cursor", "complete", "", "Incremental 2026-01-09 - 2026-01-09 2026-01-09 -")]
    [InlineData("cursor", "complete", "--full", "Full - - - - -")]
    [InlineData("cursor", "complete", "--since", "Incremental - 2025-06-01 2025-06-01 2025-06-01 - stays")]
    [InlineData("cursor", "complete", "--since id", "Incremental - 1234 1234 - - stays")]
    [InlineData("cursor", "complete", "--full --since", "Full - - - - -")]
    [InlineData("cursor", "none", "--since", "Incremental - 2025-06-01 2025-06-01 2025-06-01 - stays")]
    [InlineData("cursor", "first left", "", "First - - - - First")]
    [InlineData("cursor", "first left", "--full", "First - - - - First")]
    [InlineData("cursor", "first left", "--since", "Incremental - 2025-06-01 2025-06-01 2025-06-01 - stays")]
    [InlineData("cursor", "incremental left", "", "Incremental 2026-01-05 - 2026-01-05 2026-01-09 Incremental")]
    [InlineData("cursor", "incremental left", "--full", "Full - - - - -")]
    [InlineData("cursor", "full left", "", "Full - - - - Full")]
    [InlineData("cursor", "full left", "--full", "Full - - - - Full")]
    [InlineData("cursor from", "none", "", "First - 2020-01-01 - - -")]
    [InlineData("cursor from", "complete", "", "Incremental 2026-01-09 2020-01-01 2026-01-09 2026-01-09 -")]
    [InlineData("cursor from", "complete", "--since", "Incremental - 2025-06-01 2025-06-01 2025-06-01 - stays")]
    [InlineData("filter", "none", "", "First - - - - -")]
    [InlineData("filter", "complete", "", "Incremental 2026-01-09 - 2026-01-09 2026-01-09 -")]
    [InlineData("now filter", "complete", "", "Full - - - - -")]
    [InlineData("child", "complete", "", "Incremental 2026-01-09 - 2026-01-09 2026-01-09 - nocursor")]
    [InlineData("replace", "complete", "", "Full - - - - - finishes")]
    [InlineData("replace", "none", "", "First - - - - - finishes")]
    [InlineData("replace", "complete", "--since", "Incremental - 2025-06-01 2025-06-01 2025-06-01 - stays")]
    [InlineData("full", "complete", "", "Full - - - - -")]
    [InlineData("once", "none", "", "First - - - - -")]
    [InlineData("once", "complete", "", "skip")]
    [InlineData("once", "complete", "--full", "Full - - - - -")]
    [InlineData("once", "first left", "", "First - - - - First")]
    public void Plan_follows_from_definition_checkpoint_and_options(string stream, string checkpoint, string options, string expected) =>
        Describe(Streams[stream], StreamPlan.Of(Streams[stream], Options[options], Checkpoints[checkpoint], tableHadRows: false, Now)).ShouldBe(expected);

    [Theory]
    [InlineData("once", true)]
    [InlineData("full", false)]
    [InlineData("cursor", false)]
    public void Table_with_rows_before_us_is_skipped_only_once(string stream, bool skipped) =>
        StreamPlan.Of(Streams[stream], new RunOptions(), Checkpoint.None, tableHadRows: true, Now).Skip.ShouldBe(skipped);

    [Fact]
    public void Resumed_scan_keeps_the_time_at_which_it_started()
    {
        var plan = StreamPlan.Of(Streams["cursor"], new RunOptions(), Checkpoints["incremental left"], tableHadRows: true, Now);
        plan.Scan.StartedAt.ShouldBe(Earlier);
        plan.Values.Now.ShouldBe(Earlier);
        plan.Scan.Boundary.ShouldBe("boundary");
    }

    [Theory]
    [InlineData(Deletions.Ignore, "none", "", false)]
    [InlineData(Deletions.Mark, "none", "", true)]
    [InlineData(Deletions.Remove, "complete", "--full", true)]
    [InlineData(Deletions.Remove, "complete", "", false)]
    [InlineData(Deletions.Remove, "none", "--since", false)]
    public void Deletions_are_told_only_by_a_scan_of_everything(Deletions deletions, string checkpoint, string options, bool expected)
    {
        var stream = Streams["cursor"] with { Deletions = deletions };
        StreamPlan.Of(stream, Options[options], Checkpoints[checkpoint], tableHadRows: false, Now).Finishes(stream).ShouldBe(expected);
    }

    private static string Describe(StreamDefinition stream, StreamPlan plan)
    {
        if (plan.Skip) return "skip";
        plan.Scan.Boundary.ShouldBe(plan.Scan.Watermark is null ? null : plan.Resume is null ? "{}" : "boundary");
        var text = $"{plan.Mode} {plan.Scan.Watermark ?? "-"} {plan.Scan.Floor ?? "-"} {plan.Values.Watermark ?? "-"} {plan.Values.LastSuccess?.ToString("yyyy-MM-dd", null) ?? "-"} {plan.Resume?.Mode.ToString() ?? "-"}";
        if (!plan.MovesWatermark) text += " stays";
        if (plan.Finishes(stream)) text += " finishes";
        if (stream.Incremental is not null && plan.Scan.Incremental is null) text += " nocursor";
        return text;
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Slice_of_an_import_goes_on_with_nothing_that_was_begun_before_it(int minutesLater, bool goesOn)
    {
        var import = new SlicedImport { StartedAt = Earlier.AddMinutes(minutesLater), Mode = RunMode.First, Start = new ImportStart { AnsweredAt = Now } };
        var checkpoint = new Checkpoint { Resume = new ResumePoint { Mode = RunMode.First, StartedAt = Earlier, Position = "7" }.ToJson() };
        var plan = StreamPlan.Of(Streams["cursor"], new RunOptions { Full = true }, checkpoint, tableHadRows: true, Now, new SliceValues("a"), import);
        (plan.Resume?.Position, plan.Scan.IsPart, plan.Scan.PartsAnsweredAt, plan.Values.Slice!.Name).ShouldBe((goesOn ? "7" : null, true, Now, "a"));
    }

    private static StreamDefinition Stream() => new() { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"] };

    private static string Left(RunMode mode, string? watermark) =>
        new ResumePoint { Mode = mode, Position = "7", StartedAt = Earlier, Watermark = watermark, Boundary = watermark is null ? null : "boundary" }.ToJson();
}
