using System.Globalization;
using System.Text;
using Tidemark.Access;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Slices;
using Tidemark.Telemetry;

namespace Tidemark.Conformance.Stores;

/// <summary>What every store does, whatever database it lies in.</summary>
public abstract class StoreTests
{
    private const string Lone = "half a pair: \ud83d";

    // Microseconds, as every store keeps at least these.
    private static readonly DateTimeOffset Start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)).AddMicroseconds(912);

    /// <summary>Opens the store of this test; all calls of a test mean the same one.</summary>
    protected abstract Task<IStore> OpenAsync();

    /// <summary>Makes it look as a version of the far future would leave it.</summary>
    protected abstract Task AgeAsync();

    [Fact]
    public async Task Runs_are_read_again_newest_first_and_without_warnings()
    {
        await using (var store = await OpenAsync())
        {
            await store.AddRunAsync(Report("a", Start), default);
            await store.AddRunAsync(Report("b", Start.AddMinutes(1)) with { Status = RunStatus.Parked, Warnings = ["w\0"] }, default);
            await store.AddRunAsync(Report("c", Start.AddMinutes(2)) with { PipelineName = "other" }, default);
        }
        await using var again = await OpenAsync();
        var runs = await again.ListRunsAsync("p", 10, before: null, default);
        runs.Select(r => (r.RunId, r.Status)).ShouldBe([("b", RunStatus.Parked), ("a", RunStatus.Succeeded)]);
        var run = runs[1];
        (run.StartedAt, run.Duration, run.Warnings.Count).ShouldBe((Start, TimeSpan.FromMilliseconds(812.5), 0));
        run.Streams.Select(s => s.Stream).ShouldBe(["s", "empty"]);
        run.Streams[0].Counts.Count.ShouldBe(Enum.GetValues<Counter>().Length);
        run.Streams[0].Counts[Counter.Read].ShouldBe(97);
        // In their order, which says more than their names.
        run.Streams.SelectMany(s => s.Rejected).Select(r => $"{r.Key} {r.Value}").ShouldBe(["n: range 9", "\"\0\ufffd\": required 2"]);
        foreach (var (read, written) in run.Streams.Zip(Report("a", Start).Streams))
            (read with { Counts = written.Counts, SchemaChanges = written.SchemaChanges, Rejected = written.Rejected }).ShouldBe(written);
        (await again.ListRunsAsync("p", 1, before: null, default)).Single().RunId.ShouldBe("b");
        (await again.ListRunsAsync("none", 1, before: null, default)).ShouldBeEmpty();
        (await again.ListRunsAsync("p", 10, before: "b", default)).Single().RunId.ShouldBe("a");
        (await again.ListRunsAsync("p", 10, before: "a", default)).ShouldBeEmpty();
        (await again.ListRunsAsync("p", 10, before: "unknown\0", default)).ShouldBeEmpty();
        var found = (await again.FindRunAsync("p", "b", default))!;
        (found.Status, found.Warnings.Single()[0], found.Streams.Count).ShouldBe((RunStatus.Parked, 'w', 2));
        (await again.FindRunAsync("other", "b", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Slices_are_replaced_changed_and_counted_by_one_query()
    {
        await using var store = await OpenAsync();
        await store.ReplaceSlicesAsync("p", "s", [new SliceState("gone", SliceStatus.Done)], default);
        var slices = Enumerable.Range(0, 10_000).Select(i => new SliceState($"slice {9999 - i}", i < 2500 ? SliceStatus.Done : SliceStatus.Pending) { Attempts = i < 2500 ? 1 : 0, Read = i < 2500 ? 10 : 0 }).ToList();
        await store.ReplaceSlicesAsync("p", "s", slices, default);
        await store.ReplaceSlicesAsync("p", "another", [new SliceState("é", SliceStatus.Running) { StartedAt = Start, Attempts = 1 }], default);
        await store.ReplaceSlicesAsync("q", "s", [new SliceState("x", SliceStatus.Failed)], default);
        await store.UpdateSliceAsync("p", "s", slices[5000] with { Status = SliceStatus.Failed, Attempts = 3, Read = 7, Failed = 2, Error = "no\0 answer", StartedAt = Start, EndedAt = Start.AddSeconds(1) }, default);
        (await store.SummarizeSlicesAsync("p", default)).ShouldBe(
            [new SliceStatistics("another", 0, 1, 0, 0, 0, 0, 1), new SliceStatistics("s", 7499, 0, 2500, 1, 25_007, 2, 2503)]);
        var read = await store.ListSlicesAsync("p", "s", default);
        read.Select(r => r.Slice).ShouldBe(slices.Select(s => s.Slice));
        var failed = read[5000];
        (failed.Status, failed.Attempts, failed.StartedAt, failed.EndedAt, failed.Error!.StartsWith("no", StringComparison.Ordinal)).ShouldBe((SliceStatus.Failed, 3, Start, Start.AddSeconds(1), true));
        (await store.ListSlicesAsync("p", "none", default)).ShouldBeEmpty();
        (await store.SummarizeSlicesAsync("none", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_are_found_until_they_expire_and_the_later_one_stays()
    {
        await using (var store = await OpenAsync())
        {
            await store.KeepAnswersAsync([Answer("a", "1", 1), Answer("b", "{}", 2), Answer("a", "\"\\u0000\"", 3)], default);
            await store.KeepAnswersAsync([Answer("b", "null", 2)], default);
        }
        await using var again = await OpenAsync();
        (await FindAsync(again, 0)).ShouldBe(["a \"\\u0000\"", "b null"]);
        (await FindAsync(again, 2)).ShouldBe(["a \"\\u0000\""]);
        await again.PurgeAnswersAsync(Start.AddDays(2), default);
        (await FindAsync(again, 0)).ShouldBe(["a \"\\u0000\""]);
        (await again.FindAnswersAsync([], Start, default)).ShouldBeEmpty();
        await again.KeepAnswersAsync([Answer("a", "1", 1) with { AskedBy = "p/s" }, Answer("c", "1", 2) with { AskedBy = "p/s" }, Answer("d", "1", 2) with { AskedBy = "p/t" }], default);
        (await again.CountAnswersAsync("p/s", Start, default)).ShouldBe(2);
        (await again.CountAnswersAsync("p/s", Start.AddDays(1), default)).ShouldBe(1);
        await again.KeepAnswersAsync([Answer("c", "1", 2) with { AskedBy = "p/t" }], default);
        (await again.CountAnswersAsync("p/s", Start, default)).ShouldBe(1);
        (await again.CountAnswersAsync("p/t", Start, default)).ShouldBe(2);

        static KeptAnswer Answer(string id, string json, int days) => new(id, Encoding.UTF8.GetBytes(json), Start.AddDays(days));
        static async Task<IEnumerable<string>> FindAsync(IStore store, int days) =>
            (await store.FindAnswersAsync(["a", "b", "none"], Start.AddDays(days), default)).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {Encoding.UTF8.GetString(a.Value.Span)}");
    }

    [Fact]
    public async Task Failed_record_is_read_again_byte_by_byte()
    {
        await using var store = await OpenAsync();
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await store.AddAsync([Failed("aa11") with { Payload = bytes }], default);
        var read = (await store.FindAsync("aa11", default))!;
        read.Payload.ToArray().ShouldBe(bytes);
        (read with { Payload = default }).ShouldBe(Failed("aa11") with { Payload = default });
    }

    [Theory]
    [InlineData("a NUL: \0", "a NUL: \ufffd")]
    [InlineData(Lone, "half a pair: \ufffd")]
    public async Task Reason_that_is_no_text_for_a_database_is_kept_all_the_same(string reason, string inPostgreSql)
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("aa11") with { Reason = reason }], default);
        (await store.FindAsync("aa11", default))!.Reason.ShouldBeOneOf(reason, inPostgreSql);
        await store.AddRunAsync(Report("a", Start) with { Warnings = [reason], Streams = [Report("a", Start).Streams[0] with { Error = reason, WatermarkAfter = reason }] }, default);
        (await store.ListRunsAsync("p", 1, before: null, default)).Single().Streams.Single().Error.ShouldBeOneOf(reason, inPostgreSql);
    }

    [Fact]
    public async Task Record_that_fails_again_is_one_record_with_the_latest_reason()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("aa11"), Failed("aa11") with { Reason = "second", RunId = "r2", FailedAt = Start.AddSeconds(1) }], default);
        var one = (await store.ListAsync("p", null, null, 10, before: null, default)).ShouldHaveSingleItem();
        (one.Reason, one.RunId, one.FailedAt).ShouldBe(("second", "r2", Start.AddSeconds(1)));
        await store.AddAsync([Failed("aa11") with { Reason = "third" }], default);
        var again = (await store.FindAsync("aa11", default))!;
        (again.Reason, again.Attempts).ShouldBe(("third", one.Attempts + 1));
    }

    [Fact]
    public async Task Closed_record_is_listed_no_more_and_opens_when_it_fails_again()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("a"), Failed("b"), Failed("c")], default);
        await store.CloseAsync(["a", "unknown"], FailedRecordStatus.Resolved, Start.AddDays(1), default);
        await store.CloseAsync(["a", "b"], FailedRecordStatus.Superseded, Start.AddDays(2), default);
        (await ListAsync(store, null)).ShouldBe(
        [
            ("c", FailedRecordStatus.Open, null), ("b", FailedRecordStatus.Superseded, Start.AddDays(2)), ("a", FailedRecordStatus.Resolved, Start.AddDays(1)),
        ]);
        (await ListAsync(store, FailedRecordStatus.Open)).Select(r => r.Id).ShouldBe(["c"]);
        (await ListAsync(store, FailedRecordStatus.Resolved)).Select(r => r.Id).ShouldBe(["a"]);
        (await store.ListOpenAsync("p", default)).ShouldBe([new OpenRecord("c", "s")]);
        (await store.CountOpenAsync("p", default)).ShouldBe(1);
        await store.AddAsync([Failed("a")], default);
        (await ListAsync(store, FailedRecordStatus.Open)).ShouldBe([("c", FailedRecordStatus.Open, null), ("a", FailedRecordStatus.Open, null)], ignoreOrder: true);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => store.CloseAsync(["a"], FailedRecordStatus.Open, Start, default));
    }

    [Fact]
    public async Task Purge_deletes_what_was_closed_before_and_nothing_that_is_open()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("a"), Failed("b"), Failed("c"), Failed("d"), Failed("e") with { PipelineName = "other" }], default);
        await store.CloseAsync(["a", "e"], FailedRecordStatus.Resolved, Start, default);
        await store.CloseAsync(["b"], FailedRecordStatus.Superseded, Start.AddDays(1), default);
        await store.CloseAsync(["c"], FailedRecordStatus.Resolved, Start.AddDays(2), default);
        (await store.PurgeAsync("p", Start, default)).ShouldBe(0);
        (await store.PurgeAsync("p", Start.AddDays(2), default)).ShouldBe(2);
        (await ListAsync(store, null)).Select(r => r.Id).ShouldBe(["d", "c"]);
        (await store.FindAsync("e", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Lists_are_by_time_and_by_stream()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("b") with { FailedAt = Start.AddSeconds(2) }, Failed("a"), Failed("c") with { FailedAt = Start.AddSeconds(1), Stream = "t" }, Failed("x") with { PipelineName = "other" }], default);
        (await store.ListAsync("p", null, null, 10, before: null, default)).Select(r => r.Id).ShouldBe(["b", "c", "a"]);
        (await store.ListAsync("p", null, null, 2, before: null, default)).Select(r => r.Id).ShouldBe(["b", "c"]);
        (await store.ListAsync("p", null, null, 10, before: "b", default)).Select(r => r.Id).ShouldBe(["c", "a"]);
        (await store.ListAsync("p", null, null, 1, before: "c", default)).Select(r => r.Id).ShouldBe(["a"]);
        (await store.ListAsync("p", null, null, 10, before: "unknown\0", default)).ShouldBeEmpty();
        (await store.ListAsync("p", "t", FailedRecordStatus.Open, 10, before: null, default)).Select(r => r.Id).ShouldBe(["c"]);
        (await store.ListOpenAsync("p", default)).ShouldBe([new OpenRecord("a", "s"), new OpenRecord("c", "t"), new OpenRecord("b", "s")]);
        (await store.CountOpenAsync("p", default)).ShouldBe(3);
    }

    [Fact]
    public async Task List_goes_on_after_a_record_page_by_page()
    {
        await using var store = await OpenAsync();
        // Many of one moment: what a batch has refused.
        await store.AddAsync([.. Enumerable.Range(0, 25).Select(i => Failed($"{i:00}") with { FailedAt = Start.AddSeconds(i / 10) })], default);
        await store.CloseAsync(["03"], FailedRecordStatus.Resolved, Start, default);
        foreach (var (status, count) in new (FailedRecordStatus?, int)[] { (null, 25), (FailedRecordStatus.Open, 24), (FailedRecordStatus.Resolved, 1) })
        {
            Task<IReadOnlyList<FailedRecord>> PageAsync(string? before, int limit = 4) => store.ListAsync("p", null, status, limit, before, default);
            var ids = new List<string>();
            for (var page = await PageAsync(null); page.Count > 0; page = await PageAsync(page[^1].Id)) ids.AddRange(page.Select(r => r.Id));
            ids.ShouldBe((await PageAsync(null, limit: 100)).Select(r => r.Id));
            ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(count);
        }
    }

    [Fact]
    public async Task Many_records_are_kept_found_and_closed_at_once()
    {
        const int Many = 40_000;
        await using var store = await OpenAsync();
        string[] ids = [.. Enumerable.Range(0, Many).Select(i => i.ToString("x32", CultureInfo.InvariantCulture))];
        await store.AddAsync([.. ids.Select(i => Failed(i))], default);
        (await store.ListOpenAsync("p", default)).Count.ShouldBe(Many);
        (await store.GetAsync([.. ids, "unknown"], default)).Count.ShouldBe(Many);
        await store.CloseAsync(ids, FailedRecordStatus.Resolved, Start, default);
        (await store.ListOpenAsync("p", default)).ShouldBeEmpty();
        (await store.PurgeAsync("p", Start.AddTicks(10), default)).ShouldBe(Many);
        (await store.GetAsync([], default)).ShouldBeEmpty();
        await store.AddAsync([], default);
        await store.CloseAsync([], FailedRecordStatus.Resolved, Start, default);
    }

    [Fact]
    public async Task Record_is_found_by_the_first_digits_of_its_id()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("aa11"), Failed("aa1122"), Failed("b%")], default);
        (await store.FindAsync("aa112", default))!.Id.ShouldBe("aa1122");
        (await store.FindAsync("aa11", default))!.Id.ShouldBe("aa11");
        (await store.FindAsync("c", default)).ShouldBeNull();
        (await store.FindAsync("%", default)).ShouldBeNull();
        (await store.FindAsync("\0", default)).ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(() => store.FindAsync("a", default))).Message.ShouldContain("ambiguous");
    }

    [Fact]
    public async Task Store_of_a_newer_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        await AgeAsync();
        var e = await Should.ThrowAsync<DestinationException>(OpenAsync);
        e.Message.ShouldContain("has schema 99, this version of Tidemark knows ");
    }

    [Fact]
    public async Task Stores_that_are_opened_together_migrate_once_and_keep_all()
    {
        const int Many = 20;
        using var barrier = new Barrier(Many);
        var opened = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            return OpenAsync();
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        // Each keeps some of its own and some that all keep, in an order of its own.
        await Task.WhenAll(opened.Select((s, i) => s.AddAsync([.. Enumerable.Range(0, 20).Select(n => Failed($"{i}-{n}")), .. Enumerable.Range(0, 20).Select(n => Failed($"{(n * (i + 1)) % 23}"))], default)));
        (await opened[0].ListOpenAsync("p", default)).Count(r => r.Id.Contains('-', StringComparison.Ordinal)).ShouldBe(Many * 20);
        foreach (var store in opened) await store.DisposeAsync();
    }

    [Fact]
    public async Task Tasks_of_one_store_do_not_disturb_each_other()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            await store.AddAsync([Failed($"{i}")], default);
            await store.AddRunAsync(Report($"{i}", Start.AddSeconds(i)), default);
            await store.CloseAsync([$"{i}"], FailedRecordStatus.Resolved, Start, default);
        }));
        (await store.ListRunsAsync("p", 100, before: null, default)).Count.ShouldBe(50);
        (await ListAsync(store, FailedRecordStatus.Resolved)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task Quota_is_changed_by_one_at_a_time_and_kept()
    {
        await using (var store = await OpenAsync())
        await using (var other = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? store : other).UpdateQuotaAsync("q", (state, _) => $"{int.Parse(state ?? "0", CultureInfo.InvariantCulture) + 1}", default)));
            await store.UpdateQuotaAsync("other", (state, _) => state is null ? "first" : "again", default);
            await store.UpdateQuotaAsync("q", (_, _) => null, default);
        }
        await using var later = await OpenAsync();
        var read = new List<string?>();
        foreach (var quota in new[] { "q", "other", "none" })
        {
            await later.UpdateQuotaAsync(quota, (state, _) =>
            {
                read.Add(state);
                return null;
            }, default);
        }
        read.ShouldBe(["40", "first", null]);
    }

    [Fact]
    public async Task Quota_whose_change_fails_stays_as_it_was_and_is_not_locked()
    {
        await using var store = await OpenAsync();
        await store.UpdateQuotaAsync("q", (_, _) => "kept", default);
        await Should.ThrowAsync<FormatException>(() => store.UpdateQuotaAsync("q", (_, _) => throw new FormatException("no"), default));
        await using var other = await OpenAsync();
        string? found = null;
        await other.UpdateQuotaAsync("q", (state, _) => found = state, default);
        found.ShouldBe("kept");
    }

    [Fact]
    public async Task Quotas_clock_never_goes_back_from_one_change_to_the_next()
    {
        await using var store = await OpenAsync();
        await using var other = await OpenAsync();
        var times = new List<DateTimeOffset>();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? store : other).UpdateQuotaAsync("q", (_, now) =>
        {
            lock (times) times.Add(now);
            return $"{i}";
        }, default)));
        times.ShouldBe(times.Order());
    }

    [Fact]
    public async Task Api_keys_are_kept_listed_in_their_order_and_revoked()
    {
        await using (var store = await OpenAsync())
        {
            (await store.AddKeyAsync("p", Key("a", 1) with { Routes = ["/x", "/y/*"] }, default)).ShouldBeTrue();
            (await store.AddKeyAsync("p", Key("b", 2) with { IsAdmin = true, CreatedAt = Start.AddSeconds(1) }, default)).ShouldBeTrue();
            (await store.AddKeyAsync("other", Key("a", 3), default)).ShouldBeTrue();
            (await store.AddKeyAsync("p", Key("a", 4), default)).ShouldBeFalse();
            (await store.AddKeyAsync("p", Key("c", 1), default)).ShouldBeFalse();
            (await store.RevokeKeyAsync("p", "a", Start.AddMinutes(1), default)).ShouldBeTrue();
            (await store.RevokeKeyAsync("p", "a", Start.AddMinutes(2), default)).ShouldBeFalse();
            (await store.RevokeKeyAsync("p", "none", Start, default)).ShouldBeFalse();
            (await store.AddKeyAsync("p", Key("a", 5) with { CreatedAt = Start.AddSeconds(2) }, default)).ShouldBeTrue();
        }
        await using var again = await OpenAsync();
        var keys = await again.ListKeysAsync("p", default);
        keys.Select(k => (k.Name, k.Hash.Span[0], string.Join(' ', k.Routes), k.IsAdmin, k.CreatedAt, k.RevokedAt)).ShouldBe(
        [
            ("a", (byte)1, "/x /y/*", false, Start, Start.AddMinutes(1)),
            ("b", (byte)2, "", true, Start.AddSeconds(1), (DateTimeOffset?)null),
            ("a", (byte)5, "", false, Start.AddSeconds(2), (DateTimeOffset?)null),
        ]);
        (await again.ListKeysAsync("none", default)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G89")]
    public async Task Forecast_of_a_run_is_kept_until_it_is_taken_away_or_forgotten()
    {
        await using var store = await OpenAsync();
        await store.KeepForecastAsync(new KeptForecast("p", "r1", Start, "first"), default);
        await store.KeepForecastAsync(new KeptForecast("p", "r2", Start.AddSeconds(1), "second"), default);
        await store.KeepForecastAsync(new KeptForecast("q", "r3", Start, "of another pipeline"), default);
        await store.KeepForecastAsync(new KeptForecast("p", "r1", Start.AddSeconds(2), "third"), default);
        (await store.ListForecastsAsync("p", default)).ShouldBe([new KeptForecast("p", "r1", Start.AddSeconds(2), "third"), new KeptForecast("p", "r2", Start.AddSeconds(1), "second")]);
        await store.RemoveForecastAsync("p", "r2", default);
        await store.RemoveForecastAsync("p", "none", default);
        (await store.ListForecastsAsync("p", default)).Select(f => f.RunId).ShouldBe(["r1"]);
        // Its process was killed, a day and more ago.
        await store.KeepForecastAsync(new KeptForecast("p", "r4", Start.AddDays(1).AddSeconds(3), "fourth"), default);
        (await store.ListForecastsAsync("p", default)).Select(f => f.RunId).ShouldBe(["r4"]);
        (await store.ListForecastsAsync("q", default)).Select(f => f.RunId).ShouldBe(["r3"]);
    }

    private static ApiKey Key(string name, byte hash) => new(name, new[] { hash, (byte)0 }, Start);

    protected static FailedRecord Failed(string id) => new()
    {
        Id = id, PipelineName = "p", Stream = "s", RunId = "r1", Reason = "first", Payload = Encoding.UTF8.GetBytes("{}"), FailedAt = Start,
    };

    private static async Task<List<(string Id, FailedRecordStatus Status, DateTimeOffset? ClosedAt)>> ListAsync(IStore store, FailedRecordStatus? status) =>
        [.. (await store.ListAsync("p", null, status, 100, before: null, default)).Select(r => (r.Id, r.Status, r.ClosedAt))];

    private static RunReport Report(string id, DateTimeOffset at) => new()
    {
        RunId = id,
        PipelineName = "p",
        Status = RunStatus.Succeeded,
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(812.5),
        Streams =
        [
            new StreamReport
            {
                Stream = "s", Status = RunStatus.Failed, Mode = RunMode.Incremental, StoppedEarly = "x", WatermarkBefore = "1", WatermarkAfter = "2", LastFullRead = 5, Skipped = true,
                Counts = new Dictionary<Counter, long> { [Counter.Read] = 97, [Counter.ThrottledMs] = 3 }, Error = "e", FailedSide = FailedSide.Destination, ParkedUntil = at.AddHours(1).ToUniversalTime(),
                Rejected = new OrderedDictionary<string, long>(StringComparer.Ordinal) { ["n: range"] = 9, ["\"\0\ud83d\": required"] = 2 },
            },
            new StreamReport { Stream = "empty", Status = RunStatus.Succeeded, Mode = RunMode.First, Counts = new Dictionary<Counter, long>() },
        ],
    };
}
