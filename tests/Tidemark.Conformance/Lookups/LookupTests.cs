using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Tests.Shared;
using Tidemark.Tests.Support;

namespace Tidemark.Conformance.Lookups;

/// <summary>Answers that are kept in a real database: bought once, served, counted, replaced, and given out old where nothing else can be had.</summary>
public abstract class LookupTests(Harness harness) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-lookups-").FullName;

    public Task InitializeAsync() => harness.InitializeAsync();

    public async Task DisposeAsync()
    {
        await harness.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    [Trait("guarantee", "G161")]
    public async Task Count_is_exact_read_by_read_and_in_the_database_after_a_flush()
    {
        await using var scene = await OpenAsync();
        var first = await scene.GetAsync("a");
        (first.Cached, first.HitCount, first.Cost, LookupScene.Rank(first)).ShouldBe((false, 0, 1, 1));
        var counts = new List<long>();
        for (var i = 0; i < 5; i++) counts.Add((await scene.GetAsync("a")).HitCount);
        counts.ShouldBe([1, 2, 3, 4, 5]);
        (await HitsAsync()).ShouldBe("0");
        (await scene.Lookup.FlushAsync()).ShouldBeTrue();
        (await HitsAsync()).ShouldBe("5");
        (await scene.GetAsync("a")).HitCount.ShouldBe(6);
        _source.Calls.ShouldBe(1);
        var figures = await scene.Lookup.SummarizeAsync(default);
        (figures.Counts.Hits, figures.Counts.Misses, figures.Counts.CostSpent, figures.Counts.CostSaved, figures.Kept.Entries).ShouldBe((5, 1, 1, 5, 1));
    }

    [Fact]
    public async Task First_answer_looks_like_those_that_come_from_the_table()
    {
        _source.Answer = _ => ["""{"id":7,"rank":"12"}"""];
        string first;
        await using (var scene = await OpenAsync()) first = LookupScene.Text(await scene.GetAsync("a"));
        await using var again = await OpenAsync();
        LookupScene.Text(await again.GetAsync("a")).ShouldBe(first);
        _source.Calls.ShouldBe(1);
    }

    [Fact]
    [Trait("guarantee", "G160")]
    public async Task Thousand_callers_of_one_missing_key_are_one_call()
    {
        var hold = new TaskCompletionSource();
        _source.Hold = hold.Task;
        await using var scene = await OpenAsync();
        var callers = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => scene.GetAsync("a"))).ToList();
        await _source.Called.Task;
        hold.SetResult();
        var answers = await Task.WhenAll(callers);
        _source.Calls.ShouldBe(1);
        answers.Count(a => !a.Cached).ShouldBe(1);
        answers.Where(a => a.Cached).Select(a => a.HitCount).Order().ShouldBe(Enumerable.Range(1, 999).Select(i => (long)i));
    }

    [Fact]
    [Trait("guarantee", "G160")]
    public async Task Callers_in_two_processes_are_one_call()
    {
        var hold = new TaskCompletionSource();
        _source.Hold = hold.Task;
        await using var one = await OpenAsync(TimeProvider.System);
        await using var two = await OpenAsync(TimeProvider.System);
        var callers = Enumerable.Range(0, 1000).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).GetAsync("a"))).ToList();
        await _source.Called.Task;
        // Both have looked by now: the one that does not hold the lease waits.
        await UntilAsync(() => one.Destination.Finds > 1 && two.Destination.Finds > 1);
        hold.SetResult();
        var answers = await Task.WhenAll(callers);
        _source.Calls.ShouldBe(1);
        answers.Count(a => !a.Cached).ShouldBe(1);
        await Task.WhenAll(one.Lookup.FlushAsync(), two.Lookup.FlushAsync());
        (await HitsAsync()).ShouldBe("999");
    }

    [Fact]
    public async Task Failure_is_shared_with_those_who_wait_in_another_process()
    {
        var hold = new TaskCompletionSource();
        _source.Hold = hold.Task;
        _source.Answer = _ => throw new SourceException("the API is down");
        await using var one = await OpenAsync(TimeProvider.System);
        await using var two = await OpenAsync(TimeProvider.System);
        var first = one.GetAsync("a");
        await _source.Called.Task;
        var second = two.GetAsync("a");
        await UntilAsync(() => two.Destination.Finds > 1);
        hold.SetResult();
        (await Should.ThrowAsync<LookupException>(first)).Message.ShouldBe("the API is down");
        (await Should.ThrowAsync<LookupException>(second)).Message.ShouldBe("the API is down");
        _source.Calls.ShouldBe(1);
        // Who comes later asks again.
        _source.Answer = id => [$$"""{"id":"{{id}}","rank":1}"""];
        (await two.GetAsync("a")).Cached.ShouldBeFalse();
        _source.Calls.ShouldBe(2);
    }

    [Fact]
    [Trait("guarantee", "G162")]
    public async Task Old_answer_is_served_and_marked_while_no_other_can_be_had()
    {
        await using var scene = await OpenAsync(with: d => d with { StaleIfError = TimeSpan.FromDays(7), Jitter = 0 });
        await scene.GetAsync("a");
        _time.Advance(TimeSpan.FromHours(6));
        _source.Answer = _ => throw new ParkedException("the budget is gone", _time.GetUtcNow().AddHours(3));
        var old = await scene.GetAsync("a");
        (old.Cached, old.Stale, old.HitCount, LookupScene.Rank(old)).ShouldBe((true, true, 1, 1));
        // Those who come just after a failure do not wait for the next one.
        (await scene.GetAsync("a")).Stale.ShouldBeTrue();
        _source.Calls.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(11));
        (await scene.GetAsync("a")).Stale.ShouldBeTrue();
        _source.Calls.ShouldBe(3);

        _time.Advance(TimeSpan.FromDays(7));
        var e = await Should.ThrowAsync<LookupException>(() => scene.GetAsync("a"));
        (e.Failure, e.RetryAt).ShouldBe((LookupFailure.Quota, _time.GetUtcNow() + TimeSpan.FromHours(3)));

        _source.Answer = id => [$$"""{"id":"{{id}}","rank":2}"""];
        var fresh = await scene.GetAsync("a");
        (fresh.Cached, fresh.Stale, LookupScene.Rank(fresh)).ShouldBe((false, false, 2));
    }

    [Fact]
    public async Task Buying_again_keeps_the_count()
    {
        await using var scene = await OpenAsync(with: d => d with { Jitter = 0 });
        await scene.GetAsync("a");
        for (var i = 0; i < 3; i++) await scene.GetAsync("a");
        _time.Advance(TimeSpan.FromHours(6));
        var again = await scene.GetAsync("a");
        (again.Cached, again.HitCount).ShouldBe((false, 3));
        (await scene.GetAsync("a")).HitCount.ShouldBe(4);
        await scene.Lookup.FlushAsync();
        (await HitsAsync()).ShouldBe("4");
        _source.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task That_there_is_no_answer_is_remembered_for_its_own_time_in_all_processes()
    {
        _source.Answer = _ => [];
        await using var one = await OpenAsync();
        (await one.GetAsync("a")).Value.IsEmpty.ShouldBeTrue();
        await using var two = await OpenAsync();
        var again = await two.GetAsync("a");
        (again.Cached, again.Value.IsEmpty).ShouldBe((true, true));
        _source.Calls.ShouldBe(1);
        (await harness.TablesAsync("things")).ShouldBeEmpty("what is not there is no row of the user's table");
        _time.Advance(TimeSpan.FromMinutes(5));
        _source.Answer = id => [$$"""{"id":"{{id}}","rank":1}"""];
        (await two.GetAsync("a")).Value.IsEmpty.ShouldBeFalse();
        _source.Calls.ShouldBe(2);
    }

    [Fact]
    [Trait("guarantee", "G161")]
    public async Task Hundred_thousand_reads_over_two_processes_are_counted_exactly()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        await one.GetAsync("a");
        // The second one's first read finds the row: it is a read as well.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            var scene = i % 2 == 0 ? one : two;
            for (var n = 0; n < 10_000; n++)
            {
                (await scene.GetAsync("a")).Cached.ShouldBeTrue();
                // Flushes in between must neither lose nor repeat anything.
                if (n % 2500 == 0) await scene.Lookup.FlushAsync();
            }
        })));
        await Task.WhenAll(one.Lookup.FlushAsync(), two.Lookup.FlushAsync());
        (await HitsAsync()).ShouldBe("100000");
        _source.Calls.ShouldBe(1);
    }

    [Fact]
    [Trait("guarantee", "G161")]
    public async Task Count_is_exact_read_by_read_where_memory_holds_nothing_and_ten_threads_ask()
    {
        await using var scene = await OpenAsync(with: d => d with { Memory = 1 });
        await scene.GetAsync("a");
        var counts = await Task.WhenAll(Enumerable.Range(0, 10).Select(thread => Task.Run(async () =>
        {
            var own = new List<long>();
            for (var n = 0; n < 200; n++)
            {
                own.Add((await scene.GetAsync("a")).HitCount);
                if (thread == 0 && n % 50 == 0) await scene.Lookup.FlushAsync();
            }
            own.ShouldBe(own.Order());
            return own;
        })));
        counts.SelectMany(c => c).Order().ShouldBe(Enumerable.Range(1, 2000).Select(i => (long)i));
        await scene.Lookup.FlushAsync();
        (await HitsAsync()).ShouldBe("2000");
        _source.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Many_keys_are_one_query_and_as_few_calls_as_the_source_allows()
    {
        await using var scene = await OpenAsync(with: d => d with { Batch = new LookupBatch("id", 100, "id") });
        await scene.GetAsync("k7");
        var before = scene.Destination.Finds;
        var keys = Enumerable.Range(0, 250).Select(i => scene.Key($"k{i}")).ToList();
        var answers = await scene.Lookup.GetAsync([.. keys, keys[3]], default);
        answers.Count.ShouldBe(251);
        answers.Select((a, i) => LookupScene.Text(a).Contains($"\"k{i % 250 + (i == 250 ? 3 : 0)}\"", StringComparison.Ordinal)).ShouldAllBe(right => right);
        answers.Count(a => !a.Cached).ShouldBe(249);
        answers.Sum(a => a.Cost).ShouldBe(249, 0.001);
        _source.Asked.Skip(1).Select(a => a.Split(',').Length).Order().ShouldBe([49, 100, 100]);
        // One to look, one behind the leases, and one for what each call has brought.
        (scene.Destination.Finds - before).ShouldBeLessThanOrEqualTo(2 + 3);
    }

    [Fact]
    public async Task Answer_that_lacks_some_keys_leaves_these_without_one()
    {
        _source.Answer = id => id.Split(',').Where(i => i != "b").Select(i => $$"""{"id":"{{i}}","rank":1}""");
        await using var scene = await OpenAsync(with: d => d with { Batch = new LookupBatch("id", 100, "id") });
        var answers = await scene.Lookup.GetAsync([scene.Key("a"), scene.Key("b"), scene.Key("c")], default);
        answers.Select(a => a.Value.IsEmpty).ShouldBe([false, true, false]);
        _source.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Value_that_does_not_fit_its_column_is_not_kept()
    {
        _source.Answer = _ => ["""{"id":"a","rank":"many"}"""];
        await using var scene = await OpenAsync();
        var e = await Should.ThrowAsync<LookupException>(() => scene.GetAsync("a"));
        e.Failure.ShouldBe(LookupFailure.Misfit);
        e.Message.ShouldContain("rank");
        _source.Answer = _ => ["""{"id":"a","rank":3}"""];
        LookupScene.Rank(await scene.GetAsync("a")).ShouldBe(3);
        (await harness.ColumnsAsync("things")).Single(c => c.Name == "rank").Type.ShouldBe(harness.TypeName(ColumnType.Bigint));
    }

    [Fact]
    [Trait("guarantee", "G163")]
    public async Task Database_that_is_away_leaves_memory_then_old_answers_and_nobody_is_called()
    {
        await using var scene = await OpenAsync(with: d => d with { StaleIfError = TimeSpan.FromHours(1), Jitter = 0 });
        await scene.GetAsync("a");
        scene.Destination.IsAway = true;
        (await scene.GetAsync("a")).HitCount.ShouldBe(1);
        (await scene.Lookup.FlushAsync()).ShouldBeFalse();
        (await Should.ThrowAsync<LookupException>(() => scene.GetAsync("b"))).Failure.ShouldBe(LookupFailure.Database);
        _time.Advance(TimeSpan.FromHours(6));
        (await scene.GetAsync("a")).Stale.ShouldBeTrue();
        _time.Advance(TimeSpan.FromHours(1));
        (await Should.ThrowAsync<LookupException>(() => scene.GetAsync("a"))).Failure.ShouldBe(LookupFailure.Database);
        _source.Calls.ShouldBe(1);
        scene.Destination.IsAway = false;
        (await scene.Lookup.FlushAsync()).ShouldBeTrue();
        (await HitsAsync()).ShouldBe("2");
        (await scene.GetAsync("b")).Cached.ShouldBeFalse();
    }

    [Fact]
    public async Task Clock_that_was_set_back_makes_no_answer_live_longer()
    {
        await using var scene = await OpenAsync();
        await scene.GetAsync("a");
        _time.Advance(TimeSpan.FromDays(-30));
        (await scene.GetAsync("a")).Cached.ShouldBeFalse();
        (await scene.GetAsync("a")).Cached.ShouldBeTrue();
    }

    [Fact]
    public async Task Clean_up_deletes_what_may_not_be_served_any_more_and_emptying_reaches_other_processes()
    {
        await using var one = await OpenAsync(with: d => d with { StaleIfError = TimeSpan.FromHours(1), Jitter = 0 });
        await using var two = await OpenAsync(with: d => d with { StaleIfError = TimeSpan.FromHours(1), Jitter = 0 });
        await one.GetAsync("old");
        _time.Advance(TimeSpan.FromHours(6.5));
        await one.GetAsync("new");
        (await one.Lookup.CleanUpAsync(default)).ShouldBe(0);
        var figures = (await one.Lookup.SummarizeAsync(default)).Kept;
        (figures.Entries, figures.Expired, figures.Overdue).ShouldBe((2, 1, 0));
        _time.Advance(TimeSpan.FromHours(1));
        (await one.Lookup.SummarizeAsync(default)).Kept.Overdue.ShouldBe(1);
        (await one.Lookup.CleanUpAsync(default)).ShouldBe(1);

        (await two.GetAsync("new")).Cached.ShouldBeTrue();
        await two.Lookup.FlushAsync();
        (await one.Lookup.EmptyAsync(default)).ShouldBe(1);
        await two.Lookup.FlushAsync();
        (await two.GetAsync("new")).Cached.ShouldBeFalse();
    }

    [Fact]
    public async Task Clean_up_takes_a_thousand_rows_at_a_time_and_leaves_the_history_alone()
    {
        await using (var scene = await OpenAsync(with: d => d with { Batch = new LookupBatch("id", 1000, "id"), History = new LookupHistory(), Jitter = 0 }))
        {
            var keys = Enumerable.Range(0, 2500).Select(i => scene.Key($"k{i}")).ToList();
            var answers = await scene.Lookup.GetAsync(keys, default);
            foreach (var (key, answer) in keys.Zip(answers)) scene.Lookup.AddHistory(key, answer, LookupRequest.OfProgram);
            _time.Advance(TimeSpan.FromHours(6) + TimeSpan.FromSeconds(1));
            (await scene.Lookup.CleanUpAsync(default)).ShouldBe(2500);
            scene.Destination.Deletes.ShouldBe([1000, 1000, 500, 0]);
            (await harness.ScalarAsync("SELECT count(*) FROM things")).ShouldBe("0");
        }
        (await harness.ScalarAsync("SELECT count(*) FROM search_history")).ShouldBe("2500");
    }

    [Fact]
    [Trait("guarantee", "G166")]
    public async Task Alert_is_told_by_one_of_all_processes_once_when_it_starts_and_once_when_it_is_over()
    {
        static LookupDefinition Watched(LookupDefinition d) => d with { Alerts = new LookupAlerts { Entries = 1, AverageReuse = 0, Expired = 1 }, Jitter = 0 };
        await using var one = await OpenAsync(with: Watched);
        await using var two = await OpenAsync(with: Watched);
        await one.GetAsync("a");
        (await one.Lookup.WatchAsync(default)).ShouldBeEmpty();
        await one.GetAsync("b");
        var started = _time.GetUtcNow();
        var both = await Task.WhenAll(one.Lookup.WatchAsync(default), two.Lookup.WatchAsync(default));
        var turn = both.SelectMany(t => t).ShouldHaveSingleItem();
        (turn.Alert.Name, turn.Alert.IsOn, turn.Alert.Message, turn.StartedAt, turn.EndedAt).ShouldBe(("entries", true, "2 entries, more than 1", started, null));
        await one.Lookup.ToldAsync(turn, default);
        _time.Advance(TimeSpan.FromHours(7));
        await using (var restarted = await OpenAsync(with: Watched)) (await restarted.Lookup.WatchAsync(default)).ShouldBeEmpty();
        await one.Lookup.CleanUpAsync(default);
        var over = (await two.Lookup.WatchAsync(default)).ShouldHaveSingleItem();
        (over.Alert.IsOn, over.Alert.Message, over.StartedAt, over.EndedAt).ShouldBe((false, "0 entries, at most 1", started, _time.GetUtcNow()));
        (await one.Lookup.WatchAsync(default)).ShouldBeEmpty("somebody is telling it");
        await two.Lookup.ToldAsync(over, default);
        (await one.Lookup.WatchAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G166")]
    public async Task Alert_that_nobody_has_told_in_time_is_given_to_the_next_who_looks()
    {
        await using var scene = await OpenAsync();
        var (store, now) = (scene.Store, _time.GetUtcNow());
        (await store.TakeAlertAsync("p/l", "entries", isOn: false, now, TimeSpan.FromMinutes(5), default)).ShouldBeNull("it was never on");
        (await store.TakeAlertAsync("p/l", "entries", isOn: true, now, TimeSpan.Zero, default)).ShouldBe(new AlertSpan(now, null));
        (await store.TakeAlertAsync("p/l", "entries", isOn: true, now.AddMinutes(1), TimeSpan.FromMinutes(5), default)).ShouldBe(new AlertSpan(now, null));
        (await store.TakeAlertAsync("p/l", "entries", isOn: true, now.AddMinutes(2), TimeSpan.FromMinutes(5), default)).ShouldBeNull();
        (await store.TakeAlertAsync("p/l", "entries", isOn: false, now.AddMinutes(2), TimeSpan.FromMinutes(5), default)).ShouldBeNull("its start is being told");
        (await store.TakeAlertAsync("p/other", "entries", isOn: true, now, TimeSpan.FromMinutes(5), default)).ShouldNotBeNull();
        await store.EndAlertAsync("p/l", "entries", isOn: true, default);
        (await store.TakeAlertAsync("p/l", "entries", isOn: false, now.AddMinutes(3), TimeSpan.FromMinutes(5), default)).ShouldBe(new AlertSpan(now, now.AddMinutes(3)));
        await store.EndAlertAsync("p/l", "entries", isOn: false, default);
        (await store.TakeAlertAsync("p/l", "entries", isOn: true, now.AddMinutes(4), TimeSpan.FromMinutes(5), default)).ShouldBe(new AlertSpan(now.AddMinutes(4), null));
    }

    [Fact]
    public async Task Requests_are_logged_with_who_asked_and_what_was_found()
    {
        var history = new LookupHistory { UserId = new HistoryField { Param = "who" }, Source = new HistoryField { Header = "x-source", Default = "api", Values = ["api", "manual"] } };
        await using (var scene = await OpenAsync(with: d => d with { History = history }))
        {
            foreach (var who in new[] { "u1", "u2" })
            {
                var key = scene.Lookup.KeyOf([new("id", "a"), new("color", "red"), new("who", who)]);
                scene.Lookup.AddHistory(key, await scene.Lookup.GetAsync(key, default), new LookupRequest(_ => who == "u1" ? "manual" : null));
            }
            Should.Throw<LookupInputException>(() => scene.Lookup.CheckHistory(scene.Key("a"), new LookupRequest(_ => "else")));
        }
        var rows = await harness.ReadAsync("search_history");
        rows.Select(r => $"{r["user_id"]} {r["search_type"]} {r["source"]} {r["results_count"]} {r["filters"]}").Order(StringComparer.Ordinal)
            .ShouldBe(["u1 things manual 1 {\"color\":\"red\",\"id\":\"a\"}", "u2 things api 1 {\"color\":\"red\",\"id\":\"a\"}"]);
        _source.Calls.ShouldBe(1, "who asks leads to no other answer");
    }

    [Fact]
    public async Task Keys_of_ten_thousand_characters_with_what_separates_parts_in_them_are_told_apart()
    {
        await using var scene = await OpenAsync();
        var thing = new string('é', 9_999);
        foreach (var id in new[] { thing + "a", thing + "b", "a:b", "a%3Ab", "a' OR 1=1 --", "🦊" })
        {
            (await scene.GetAsync(id)).Cached.ShouldBeFalse(id[^1..]);
            var again = await scene.GetAsync(id);
            (again.Cached, again.HitCount, LookupScene.Rank(again)).ShouldBe((true, 1, id.Length));
        }
        await scene.Lookup.FlushAsync();
        (await harness.ScalarAsync("SELECT count(*) FROM things WHERE hit_count = 1 AND length(cache_key) <= 255")).ShouldBe("6");
        _source.Calls.ShouldBe(6);
    }

    [Fact]
    public async Task Another_filter_is_another_answer()
    {
        await using var scene = await OpenAsync();
        await scene.Lookup.GetAsync(scene.Lookup.KeyOf([new("id", "a"), new("color", "red")]), default);
        await scene.Lookup.GetAsync(scene.Lookup.KeyOf([new("id", "a"), new("color", "blue")]), default);
        await scene.GetAsync("a");
        _source.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task Tables_that_have_to_be_exactly_so_are_made_by_migrations_used_as_they_are_and_verified()
    {
        const string Tables = "product_scoring_cache search_history";
        var kind = harness.Destination.Kind;
        var sql = await File.ReadAllTextAsync(Path.Combine(Root(), "recipes", "discovery", "migrations", kind, "001_product_tables.sql"));
        TableMigration[] steps = [new("001_product_tables.sql", sql)];
        _source.Answer = id => [$$"""{"asin":"{{id}}","roi":12.5,"velocity":80,"word":"BUY","title":"Thing","price":19.99,"rank":{{(id == "bad" ? "\"many\"" : "120")}}}"""];
        LookupDefinition Exact(LookupDefinition d) => d with
        {
            Table = "product_scoring_cache",
            Columns =
            [
                new("asin", null, ColumnType.Text), new("roi_percent", JsonPath.Parse("roi"), ColumnType.Double), new("velocity_score", JsonPath.Parse("velocity"), ColumnType.Double),
                new("recommendation", JsonPath.Parse("word"), ColumnType.Text), new("title", null, ColumnType.Text), new("price", null, ColumnType.Double), new("bsr", JsonPath.Parse("rank"), ColumnType.Bigint),
            ],
            History = new LookupHistory(),
            StaleIfError = TimeSpan.FromHours(1),
            Jitter = 0,
            Migrations = new Dictionary<string, IReadOnlyList<TableMigration>>(StringComparer.Ordinal) { [kind] = steps },
        };
        string first;
        await using (var scene = await OpenAsync(with: Exact))
        {
            var key = scene.Key("a");
            var answer = await scene.Lookup.GetAsync(key, default);
            scene.Lookup.AddHistory(key, answer, LookupRequest.OfProgram);
            first = LookupScene.Text(answer);
            first.ShouldBe("""{"asin":"a","roi_percent":12.5,"velocity_score":80,"recommendation":"BUY","title":"Thing","price":19.99,"bsr":120}""");
            answer.CreatedAt.ShouldBe(_time.GetUtcNow());
            // What its column does not hold leaves the table as it is.
            (await Should.ThrowAsync<LookupException>(() => scene.GetAsync("bad"))).Failure.ShouldBe(LookupFailure.Misfit);
        }
        await using (var again = await OpenAsync(with: Exact))
        {
            var kept = await again.GetAsync("a");
            (LookupScene.Text(kept), kept.CreatedAt, kept.ExpiresAt).ShouldBe((first, _time.GetUtcNow(), _time.GetUtcNow().AddHours(6)));
            _time.Advance(TimeSpan.FromHours(7) + TimeSpan.FromSeconds(1));
            (await again.Lookup.SummarizeAsync(default)).Kept.Overdue.ShouldBe(1);
            (await again.Lookup.CleanUpAsync(default)).ShouldBe(1);
        }
        (await harness.ScalarAsync("SELECT search_type FROM search_history")).ShouldBe("things");
        var expected = await harness.Destination.DescribeMigratedAsync(steps, Tables.Split(' '), default);
        foreach (var (table, wanted) in Tables.Split(' ').Zip(expected))
            SchemaVerification.CompareExactly(wanted!, await harness.Destination.DescribeAsync(new StreamTarget { PipelineName = "p", Stream = "s", Table = table }, default)).ShouldBeEmpty();
        await harness.ExecuteAsync("DROP INDEX idx_scoring_roi");
        await harness.ExecuteAsync("ALTER TABLE product_scoring_cache ADD COLUMN extra int");
        SchemaVerification.CompareExactly(expected[0]!, await harness.Destination.DescribeAsync(new StreamTarget { PipelineName = "p", Stream = "s", Table = "product_scoring_cache" }, default))
            .Select(d => d.Subject).ShouldBe(["column extra", "index idx_scoring_roi"]);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Tidemark.slnx"))) directory = directory.Parent!;
        return directory.FullName;
    }

    private Task<LookupScene> OpenAsync(TimeProvider? time = null, Func<LookupDefinition, LookupDefinition>? with = null) => LookupScene.OpenAsync(harness, _directory, _source, time ?? _time, with);

    private Task<string?> HitsAsync() => harness.ScalarAsync("SELECT hit_count FROM things WHERE cache_key = 'thing:a'");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Yield();
    }

    public sealed class OnSqlite() : LookupTests(new SqliteHarness());

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : LookupTests(new PostgreSqlHarness(server));
}
