using Tidemark.Checkpoints;
using Tidemark.Runs;
using Tidemark.Scanning;
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

    private sealed record FakeRequest : StreamRequest;
}
