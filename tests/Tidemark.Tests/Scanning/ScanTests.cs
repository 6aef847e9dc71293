using Tidemark.Scanning;

namespace Tidemark.Tests.Scanning;

/// <summary>Each decision of a scan alone; ScanModelTests holds them together.</summary>
public class ScanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly List<string> _warnings = [];

    [Fact]
    public void Record_without_incremental_is_taken_whatever_it_holds() =>
        new Scan(new ScanPlan { StartedAt = Now }).Decide([null, "x"], Hash, Now).Decisions.ShouldAllBe(d => d == Decision.Take);

    [Fact]
    public void Descending_scan_stops_at_the_first_record_older_than_the_watermark()
    {
        var decision = Scan(RowOrder.Desc, watermark: "2026-01-05T00:00:00Z").Decide(["2026-01-09T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-03T00:00:00Z"], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Take, Decision.Take, Decision.Beyond, Decision.Beyond]);
        decision.StoppedAt.ShouldBe(2);
        decision.State.Watermark.ShouldBe("2026-01-09T00:00:00Z");
    }

    [Theory]
    [InlineData(RowOrder.Asc)]
    [InlineData(RowOrder.None)]
    public void Older_record_is_skipped_where_the_order_does_not_allow_to_stop(RowOrder order)
    {
        var decision = Scan(order, watermark: "2026-01-05T00:00:00Z").Decide(["2026-01-04T00:00:00Z", "2026-01-06T00:00:00Z"], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Skip, Decision.Take]);
        decision.Stopped.ShouldBeFalse();
    }

    [Fact]
    public void Record_at_the_watermark_is_a_duplicate_only_if_its_content_is_known()
    {
        var first = Scan(RowOrder.Desc).Decide(["2026-01-05T00:00:00Z"], _ => 7, Now).State;

        var second = new Scan(Plan(RowOrder.Desc, first.Watermark) with { Boundary = first.Boundary }).Decide(["2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z"], i => i == 0 ? 7u : 8u, Now);

        second.Decisions.ShouldBe([Decision.Duplicate, Decision.Take]);
    }

    [Fact]
    public void Known_records_stay_known_while_the_watermark_stays()
    {
        var state = Scan(RowOrder.Desc).Decide(["2026-01-05T00:00:00Z"], _ => 7, Now).State;
        for (var run = 0; run < 3; run++)
        {
            var decision = new Scan(Plan(RowOrder.Desc, state.Watermark) with { Boundary = state.Boundary }).Decide(["2026-01-05T00:00:00Z"], _ => 7, Now);
            decision.Decisions.ShouldBe([Decision.Duplicate]);
            state = decision.State;
        }
    }

    [Theory]
    [InlineData(RowOrder.None, null, "2026-01-10T11:00:00Z")]
    [InlineData(RowOrder.Asc, null, "2026-01-10T11:00:00Z")]
    [InlineData(RowOrder.None, -90, "2026-01-10T10:00:00Z")]
    [InlineData(RowOrder.Asc, -90, "2026-01-10T10:00:00Z")]
    public void Part_of_an_import_trusts_nothing_newer_than_the_import_s_first_answer(RowOrder order, int? answeredBefore, string watermark)
    {
        var plan = Plan(order, watermark: null) with { IsPart = true, PartsAnsweredAt = answeredBefore is { } minutes ? Now.AddMinutes(minutes) : null };
        new Scan(plan).Decide(["2026-01-10T10:00:00Z", "2026-01-10T11:00:00Z", "2026-01-10T12:30:00Z"], Hash, Now).State.Watermark.ShouldBe(watermark);
    }

    [Fact]
    public void Boundary_beyond_its_capacity_says_so_until_the_watermark_moves_on()
    {
        var scan = Scan(RowOrder.Asc);
        var same = Enumerable.Repeat("2026-01-05T00:00:00Z", 10_001).ToList();

        scan.Decide(same, i => (UInt128)i, Now).State.BoundaryForgotten.ShouldBeTrue();
        scan.Decide(["2026-01-06T00:00:00Z"], _ => 99_999, Now).State.BoundaryForgotten.ShouldBeFalse();
    }

    [Fact]
    public void Lookback_window_reads_again_what_lies_before_the_watermark()
    {
        var plan = Plan(RowOrder.Desc, "2026-01-05T00:00:00Z");
        plan = plan with { Incremental = plan.Incremental! with { LookbackWindow = TimeSpan.FromDays(2) } };

        var decision = new Scan(plan).Decide(["2026-01-06T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-02T23:59:59Z"], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Take, Decision.Take, Decision.Beyond]);
        decision.State.Watermark.ShouldBe("2026-01-06T00:00:00Z");
    }

    [Theory]
    [InlineData(OnCursorValueMissing.Include, Decision.Take)]
    [InlineData(OnCursorValueMissing.Exclude, Decision.Skip)]
    public void Missing_or_unreadable_value_never_stops_and_is_counted(OnCursorValueMissing missing, Decision expected)
    {
        var plan = Plan(RowOrder.Desc, "2026-01-05T00:00:00Z");
        plan = plan with { Incremental = plan.Incremental! with { OnCursorValueMissing = missing } };

        var decision = new Scan(plan).Decide([null, "soon", "2026-01-06T00:00:00Z"], Hash, Now);

        decision.Decisions.ShouldBe([expected, expected, Decision.Take]);
        decision.Stopped.ShouldBeFalse();
        (decision.State.Missing, decision.State.Unreadable).ShouldBe((1, 1));
    }

    [Fact]
    public void Missing_value_that_is_declared_to_fail_ends_the_scan_and_names_the_record()
    {
        var plan = Plan(RowOrder.None, null);
        plan = plan with { Incremental = plan.Incremental! with { OnCursorValueMissing = OnCursorValueMissing.Fail } };

        Should.Throw<CursorValueException>(() => new Scan(plan).Decide(["2026-01-06T00:00:00Z", null], Hash, Now)).Index.ShouldBe(1);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "2026-01-09T00:00:00Z")]
    [InlineData("253402300799000", "1767916800000")]
    public void Value_far_in_the_future_is_taken_counted_and_never_raises_the_watermark(string future, string good)
    {
        var decision = Scan(RowOrder.None).Decide([future, good], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Take, Decision.Take]);
        decision.State.Watermark.ShouldBe(good);
        decision.State.Future.ShouldBe(1);
        _warnings.ShouldHaveSingleItem().ShouldContain(future);
    }

    [Fact]
    public void Value_within_a_day_ahead_counts_as_any_other() =>
        Scan(RowOrder.Desc).Decide(["2026-01-11T11:59:59Z"], Hash, Now).State.Watermark.ShouldBe("2026-01-11T11:59:59Z");

    [Theory]
    [InlineData("2026-01-09T00:00:00Z", "2026-01-08T00:00:00Z", "2026-01-08T12:00:00Z")]
    [InlineData("2026-01-08T00:00:00Z", "2026-01-09T00:00:00Z")]
    public void Broken_descending_order_turns_early_stop_off_and_warns_once(params string[] cursors)
    {
        var scan = Scan(RowOrder.Desc, watermark: "2026-01-05T00:00:00Z");
        foreach (var cursor in cursors) scan.Decide([cursor], Hash, Now);

        var decision = scan.Decide(["2026-01-01T00:00:00Z", "2026-01-09T12:00:00Z"], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Skip, Decision.Take]);
        decision.State.OrderBroken.ShouldBeTrue();
        _warnings.ShouldHaveSingleItem().ShouldContain("not desc as declared");
    }

    [Fact]
    public void Order_that_breaks_behind_the_place_to_stop_is_noticed_before_stopping()
    {
        var decision = Scan(RowOrder.Desc, watermark: "2026-01-05T00:00:00Z").Decide(["2026-01-06T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-07T00:00:00Z"], Hash, Now);

        decision.Decisions.ShouldBe([Decision.Take, Decision.Skip, Decision.Take]);
    }

    [Fact]
    public void Watermark_without_order_stays_below_what_may_have_changed_while_reading()
    {
        var scan = Scan(RowOrder.None);
        scan.Decide(["2026-01-09T00:00:00Z"], Hash, Now);

        // Seen on a later page, changed after the first was answered: a record of the first page may have changed in between.
        var state = scan.Decide(["2026-01-10T12:00:05Z", "2026-01-09T18:00:00Z"], Hash, Now.AddSeconds(10)).State;

        state.Watermark.ShouldBe("2026-01-09T18:00:00Z");
        state.Largest.ShouldBe("2026-01-10T12:00:05Z");
    }

    [Fact]
    public void Numbers_without_order_trust_the_first_page_and_the_scan_before()
    {
        var first = new Scan(Plan(RowOrder.None, null, CursorFormat.Integer));
        first.Decide(["10", "3"], Hash, Now);
        var state = first.Decide(["50"], Hash, Now).State;
        state.Watermark.ShouldBe("10");

        var second = new Scan(Plan(RowOrder.None, state.Watermark, CursorFormat.Integer) with { Boundary = state.Boundary });
        second.Decide(["12"], Hash, Now).State.Watermark.ShouldBe("50", "all that the first scan saw was there before the second began");
    }

    [Theory]
    [InlineData(RowOrder.None, null)]
    [InlineData(RowOrder.Desc, "2026-01-09T00:00:00Z")]
    public void Appended_record_without_a_value_or_far_ahead_is_known_by_its_content(RowOrder order, string? dated)
    {
        var state = new ScanState();
        Decision[] Decide(string? watermark, string? boundary, params string?[] cursors)
        {
            var scan = new Scan(Plan(order, watermark) with { Appends = true, Boundary = boundary });
            var decision = scan.Decide(cursors, i => cursors[i] is { } cursor ? RecordHash.Of(System.Text.Encoding.UTF8.GetBytes(cursor)) : 1000 + (UInt128)i, Now);
            state = ScanState.FromJson(decision.State.ToJson());
            return [.. decision.Decisions];
        }

        Decide(null, null, null, "2099-01-01T00:00:00Z", dated).ShouldBe([Decision.Take, Decision.Take, Decision.Take]);
        for (var run = 0; run < 3; run++)
            Decide(state.Watermark, state.Boundary, null, "2099-01-01T00:00:00Z", "2099-01-02T00:00:00Z").ShouldBe([Decision.Duplicate, Decision.Duplicate, run == 0 ? Decision.Take : Decision.Duplicate]);
        new Scan(Plan(order, state.Watermark) with { Boundary = state.Boundary }).Decide(["2099-01-01T00:00:00Z"], _ => 1, Now).Decisions.ShouldBe([Decision.Take]);
    }

    [Fact]
    public void More_records_without_a_value_than_can_be_remembered_say_so()
    {
        var scan = new Scan(Plan(RowOrder.None, null) with { Appends = true });
        scan.Decide(new string?[10_000], Hash, Now).State.WithoutForgotten.ShouldBeFalse();
        var state = scan.Decide(new string?[1], _ => 1, Now).State;
        state.WithoutForgotten.ShouldBeTrue();
        ScanState.FromJson(state.ToJson()).WithoutForgotten.ShouldBeTrue();
        new Scan(Plan(RowOrder.None, null)).Decide(new string?[20_000], Hash, Now).State.WithoutForgotten.ShouldBeFalse();
    }

    [Fact]
    public void Boundary_of_a_version_that_did_not_remember_records_without_a_value_is_read()
    {
        const string Old = """{"kind":"Time","max":"2026-01-05T00:00:00Z","forgotten":null,"records":{"00000000000000000000000000000007":"2026-01-05T00:00:00Z"}}""";
        var scan = new Scan(Plan(RowOrder.None, "2026-01-05T00:00:00Z") with { Appends = true, Boundary = Old });
        scan.Decide(["2026-01-05T00:00:00Z", null], i => i == 0 ? 7u : 8u, Now).Decisions.ShouldBe([Decision.Duplicate, Decision.Take]);
    }

    [Fact]
    public void Watermark_goes_back_as_the_source_wrote_it()
    {
        const string Written = "2026-01-09T10:00:00.123456789+02:00";
        Scan(RowOrder.Desc).Decide([Written], Hash, Now).State.Watermark.ShouldBe(Written);
    }

    [Fact]
    public void State_survives_its_stored_form()
    {
        var scan = Scan(RowOrder.None, watermark: "2026-01-05T00:00:00Z");
        var state = scan.Decide(["2026-01-09T00:00:00Z", null, "2026-01-06T00:00:00+01:00", "2026-01-10T12:00:00Z"], i => (UInt128)i + 1, Now).State;

        ScanState.FromJson(state.ToJson()).ToJson().ShouldBe(state.ToJson());
    }

    [Fact]
    public void Floor_that_is_no_value_of_this_kind_is_an_error()
    {
        var plan = Plan(RowOrder.None, null) with { Floor = "yesterday" };
        Should.Throw<CursorValueException>(() => new Scan(plan).Decide(["2026-01-06T00:00:00Z"], Hash, Now)).Message.ShouldContain("'yesterday'");
    }

    [Fact]
    public void Watermark_of_another_kind_reads_everything_and_says_so()
    {
        var plan = Plan(RowOrder.Desc, "12345", CursorFormat.Iso8601);

        new Scan(plan, warn: _warnings.Add).Decide(["2020-01-01T00:00:00Z"], Hash, Now).Decisions.ShouldBe([Decision.Take]);
        _warnings.ShouldHaveSingleItem().ShouldContain("12345");
    }

    private static UInt128 Hash(int index) => (UInt128)index + 1000;

    private Scan Scan(RowOrder order, string? watermark = null) => new(Plan(order, watermark), warn: _warnings.Add);

    private static ScanPlan Plan(RowOrder order, string? watermark, CursorFormat format = CursorFormat.Auto) => new()
    {
        Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = order, CursorFormat = format },
        Watermark = watermark,
        StartedAt = Now,
    };
}
