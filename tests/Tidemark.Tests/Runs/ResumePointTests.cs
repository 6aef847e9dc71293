using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Tests.Runs;

public class ResumePointTests
{
    // As it lies in databases of users: a change of the stored form must go on reading it.
    private const string Stored = """
        {"position":"https://api.test/rows?page=3","done":2,"last_done":"0123456789abcdef0123456789abcdef","mode":"Full","started_at":"2026-01-09T10:00:00+00:00",
        "watermark":"2026-01-05","boundary":"{}","scan":"{\u0022kind\u0022:\u0022Time\u0022,\u0022max\u0022:\u00222026-01-08\u0022,\u0022forgotten\u0022:null,\u0022records\u0022:{\u00220000000000000000000000000000002a\u0022:\u00222026-01-07\u0022},\u0022first_page_max\u0022:\u00222026-01-07\u0022,\u0022safe\u0022:\u00222026-01-07\u0022,\u0022last\u0022:\u00222026-01-06\u0022,\u0022order_broken\u0022:true,\u0022start_bound\u0022:\u00222026-01-09T10:00:00.0000000\u002B00:00\u0022,\u0022missing\u0022:1,\u0022unreadable\u0022:2,\u0022future\u0022:3}",
        "read":20,"failed":1}
        """;

    [Fact]
    public void Stored_form_is_read()
    {
        var point = ResumePoint.FromJson(Stored)!;
        (point.Position, point.Done, point.LastDone, point.Mode).ShouldBe(("https://api.test/rows?page=3", 2, "0123456789abcdef0123456789abcdef", RunMode.Full));
        (point.StartedAt, point.Watermark, point.Boundary, point.Read, point.Failed).ShouldBe((new DateTimeOffset(2026, 1, 9, 10, 0, 0, TimeSpan.Zero), "2026-01-05", "{}", 20, 1));
        var scan = point.Scan!;
        (scan.Watermark, scan.Largest, scan.OrderBroken, scan.Missing, scan.Unreadable, scan.Future).ShouldBe(("2026-01-07", "2026-01-08", true, 1, 2, 3));
        scan.StartBound.ShouldBe(point.StartedAt);
        scan.AscendingBound.ShouldBeNull();
        scan.BoundaryForgotten.ShouldBeFalse();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"position":"2","unknown_to_us":{"a":[1]}}""")]
    public void Stored_form_with_less_or_more_is_read(string json)
    {
        var point = ResumePoint.FromJson(json)!;
        (point.Mode, point.Done, point.Scan).ShouldBe((RunMode.First, 0, null));
    }

    [Fact]
    public void Nothing_stored_is_nothing() => ResumePoint.FromJson(null).ShouldBeNull();

    [Fact]
    public void Written_point_is_read_as_it_was()
    {
        var first = ResumePoint.FromJson(Stored)!;
        var json = first.ToJson();
        var again = ResumePoint.FromJson(json)!;
        again.ToJson().ShouldBe(json);
        (again with { Scan = null }).ShouldBe(first with { Scan = null });
        again.Scan!.ToJson().ShouldBe(first.Scan!.ToJson());
    }

    [Theory]
    [InlineData(RunMode.First)]
    [InlineData(RunMode.Incremental)]
    [InlineData(RunMode.Full)]
    public void Mode_survives(RunMode mode) => ResumePoint.FromJson(new ResumePoint { Mode = mode, Scan = new ScanState() }.ToJson())!.Mode.ShouldBe(mode);
}
