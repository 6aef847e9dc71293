using Tidemark.Checkpoints;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Slices;
using Tidemark.Sources;

namespace Tidemark.Tests.Runs;

public sealed class SlicedImportTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 9, 10, 0, 0, TimeSpan.Zero);
    private static readonly StreamDefinition Stream = new() { Name = "s", Request = new FakeRequest() };
    private static readonly Checkpoint Complete = new() { Complete = true, LastSuccess = Now.AddDays(-1), BatchNumber = 3 };

    [Fact]
    public void Import_begins_with_what_the_stream_has_never_been() =>
        SlicedImport.Of(Stream, new RunOptions(), Checkpoint.None, tableHadRows: true, Now).ShouldBe(new SlicedImport { StartedAt = Now, Mode = RunMode.First });

    [Theory]
    [InlineData(false, false, RunMode.Full)]
    [InlineData(true, false, RunMode.Incremental)]
    [InlineData(true, true, RunMode.Full)]
    public void Import_after_a_complete_one_is_incremental_where_it_can_be(bool hasCursor, bool full, RunMode expected)
    {
        var stream = Stream with { Incremental = hasCursor ? new IncrementalDefinition { CursorField = "at" } : null };
        SlicedImport.Of(stream, new RunOptions { Full = full }, Complete, tableHadRows: true, Now)!.Mode.ShouldBe(expected);
    }

    [Fact]
    public void Import_that_was_begun_goes_on_unless_a_full_one_is_asked_for()
    {
        var begun = new SlicedImport { StartedAt = Now.AddHours(-2), Mode = RunMode.Incremental };
        var checkpoint = Complete with { Resume = begun.ToJson() };
        SlicedImport.Of(Stream, new RunOptions(), checkpoint, tableHadRows: true, Now).ShouldBe(begun);
        SlicedImport.Of(Stream, new RunOptions { Full = true }, checkpoint, tableHadRows: true, Now)!.StartedAt.ShouldBe(Now);
        var first = begun with { Mode = RunMode.First };
        SlicedImport.Of(Stream, new RunOptions { Full = true }, Checkpoint.None with { Resume = first.ToJson() }, tableHadRows: true, Now).ShouldBe(first);
    }

    [Fact]
    public void Once_is_done_when_all_slices_were()
    {
        var stream = Stream with { Refresh = Refresh.Once };
        SlicedImport.Of(stream, new RunOptions(), Complete, tableHadRows: true, Now).ShouldBeNull();
        SlicedImport.Of(stream, new RunOptions(), Checkpoint.None, tableHadRows: true, Now).ShouldBeNull();
        var begun = new SlicedImport { StartedAt = Now, Mode = RunMode.First };
        SlicedImport.Of(stream, new RunOptions(), Checkpoint.None with { Resume = begun.ToJson() }, tableHadRows: true, Now).ShouldBe(begun);
    }

    [Fact]
    public void Slice_is_done_when_a_scan_that_began_since_is_complete()
    {
        var import = new SlicedImport { StartedAt = Now, Mode = RunMode.Full };
        var done = new Checkpoint { Complete = true, LastSuccess = Now };
        import.IsDone(done).ShouldBeTrue();
        import.IsDone(done with { LastSuccess = Now.AddTicks(-1) }).ShouldBeFalse();
        import.IsDone(done with { Resume = "{}" }).ShouldBeFalse();
        import.IsDone(Checkpoint.None).ShouldBeFalse();
    }

    [Fact]
    public void Slice_has_begun_when_this_import_has_committed_some_of_it()
    {
        var import = new SlicedImport { StartedAt = Now, Mode = RunMode.Full };
        import.HasBegun(new Checkpoint { Complete = true, LastSuccess = Now }).ShouldBeTrue();
        import.HasBegun(new Checkpoint { Resume = new ResumePoint { StartedAt = Now }.ToJson() }).ShouldBeTrue();
        import.HasBegun(new Checkpoint { Resume = new ResumePoint { StartedAt = Now.AddSeconds(-1) }.ToJson() }).ShouldBeFalse();
        import.HasBegun(Complete).ShouldBeFalse();
    }

    [Theory]
    [InlineData("complete", true)]
    [InlineData("complete --full", false)]
    [InlineData("never", false)]
    [InlineData("never --since", true)]
    [InlineData("left incremental", true)]
    [InlineData("left incremental --full", false)]
    [InlineData("left import", false)]
    [InlineData("left import --since", true)]
    [InlineData("complete once", false)]
    [InlineData("complete full", false)]
    [InlineData("complete each", false)]
    public void Stream_is_read_as_a_whole_after_an_import_only(string situation, bool expected)
    {
        bool Has(string word) => situation.Split(' ').Contains(word, StringComparer.Ordinal);
        var stream = Stream with
        {
            Slices = new SlicesDefinition { Values = ["a"], Incremental = Has("each") ? SlicedIncremental.Each : SlicedIncremental.Whole },
            Incremental = new IncrementalDefinition { CursorField = "at" },
            Refresh = Has("once") ? Refresh.Once : Has("full") ? Refresh.Full : null,
        };
        var checkpoint = Has("never") ? Checkpoint.None : Complete with
        {
            Resume = Has("incremental") ? new ResumePoint { Mode = RunMode.Incremental, StartedAt = Now }.ToJson()
                : Has("import") ? new SlicedImport { StartedAt = Now, Mode = RunMode.Full, Start = new ImportStart { AnsweredAt = Now } }.ToJson()
                : null,
        };
        SlicedImport.IsWhole(stream, new RunOptions { Full = Has("--full"), Since = Has("--since") ? "2026-01-01" : null }, checkpoint).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2026-01-09T10:00:00Z", "2026-01-09T09:00:00+01:00", null, "2026-01-09T10:00:00Z", "2026-01-09T09:30:00Z")]
    [InlineData("10", null, "9", "10")]
    [InlineData(null, null, null)]
    public void Watermark_of_an_import_is_the_newest_of_its_slices(string? expected, params string?[] slices)
    {
        var import = new SlicedImport { StartedAt = Now, Mode = RunMode.First, Start = new ImportStart { AnsweredAt = Now } };
        var cursor = new IncrementalDefinition { CursorField = "at" };
        var checkpoints = slices.Select(w => new Checkpoint { Watermark = w }).ToList();
        import.WatermarkOf(cursor, checkpoints).ShouldBe(expected);
        (import with { Start = null }).WatermarkOf(cursor, checkpoints).ShouldBeNull();
        import.WatermarkOf(incremental: null, checkpoints).ShouldBeNull();
    }

    private sealed record FakeRequest : StreamRequest;
}
