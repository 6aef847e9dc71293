namespace Tidemark.Configuration.Tests;

public sealed class StreamRulesTests : IDisposable
{
    private const string Request = "request: { path: / }";
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("write_disposition: merge", "merge needs a primary_key: the columns that make a record's identity")]
    [InlineData("write_disposition: append, primary_key: id, deletions: mark", "deletions need write_disposition: merge, found append", "deletions")]
    [InlineData("write_disposition: replace, primary_key: id, deletions: remove", "deletions need write_disposition: merge, found replace", "deletions")]
    [InlineData("deletions: mark", "deletions need a primary_key: without one, nobody can tell which rows are gone")]
    [InlineData("primary_key: [id, id]", "found a column twice in primary_key")]
    [InlineData("incremental: { cursor_field: at, lookback_window: 1h }", "lookback_window reads records again, and append would write them again: use merge, with a primary_key")]
    [InlineData("incremental: { cursor_field: at, lookback_window: 1h, cursor_format: integer }, primary_key: id", "lookback_window is a duration, which has no meaning for a cursor_format that is no time: take it out")]
    [InlineData("incremental: { cursor_field: at, lookback_window: 1h, cursor_format: text }, primary_key: id", "lookback_window is a duration, which has no meaning for a cursor_format that is no time: take it out")]
    [InlineData("write_disposition: replace, incremental: { cursor_field: at }", "replace needs a full read, or the table would lose what is not new: set refresh: full, or use merge")]
    [InlineData("refresh: incremental", "refresh: incremental needs incremental: { cursor_field: … }, or a request with {{ last_success }} in it")]
    [InlineData("slices: { by: list }", "found no values, expected at least one, such as [\"01\", \"02\"]", "{ by")]
    [InlineData("slices: { by: list, values: [a, b, a], param: p }", "found 'a' twice: each slice needs a value of its own", "values")]
    [InlineData("slices: { by: list, values: [a] }", "nothing in the request says which slice is meant, so each would read the same: add param to slices, or write {{ slice }} in the request")]
    [InlineData("slices: { by: list, values: [a], step: 1, param: p }", "found from, to or step, which belong to by: range; a list has values", "by:")]
    [InlineData("slices: { by: range, param: p }", "the key 'from' is missing: a date or a time such as 2025-01-01 or 2025-01-01T00:00:00Z, or a whole number", "{ by")]
    [InlineData("slices: { by: range, from: 1, step: 10, param: p }", "the key 'to' is missing: numbers need an end", "{ by")]
    [InlineData("slices: { by: range, from: 1, to: 1, step: 10, param: p }", "found 1, expected a number above 'from' (1): it is exclusive", "to:")]
    [InlineData("slices: { by: range, from: 1, to: 9, step: 7d, param: p }", "found '7d', expected a whole number above 0, as 'from' is one", "step")]
    [InlineData("slices: { by: range, from: 2025-01-01, to: 9, step: 7d, param: p }", "found '9', expected a date or a time such as 2025-01-01 or 2025-01-01T00:00:00Z, as 'from' is one", "to:")]
    [InlineData("slices: { by: range, from: yesterday, step: 7d, param: p }", "found 'yesterday', expected a date or a time such as 2025-01-01 or 2025-01-01T00:00:00Z, or a whole number", "from")]
    [InlineData("slices: { by: list, values: [a], param: p }", "requests of 'api' take no parameter; write {{ slice }} where the value belongs", "p }")]
    [InlineData("slices: { by: range, from: 2025-01-01, to: 2025-02-01, step: 1s, param: p }", "found 2678400 slices, expected at most 100000: take larger steps", "step")]
    [InlineData("slices: { by: pages }", "found by: pages, but a source of this type can't be entered at a page: cut it by list or by range", "pages }")]
    [InlineData("slices: { by: pages, step: 0 }", "found '0', expected how many pages a slice takes, from 1 to 1000000", "step")]
    [InlineData("slices: { by: pages, values: [a] }", "found values, which belong to by: list; pages have a step alone", "values")]
    [InlineData("slices: { by: pages, param: p }", "found a param, but pages are asked for by the paginator: take it out", "param")]
    [InlineData("slices: { by: pages, incremental: each }", "found each, but which record is on which page changes: runs after an import read what is new as a whole", "incremental")]
    [InlineData("slices: { by: list, values: [a], param: p, incremental: half }", "found 'half', expected one of each, whole", "half")]
    [InlineData("enrich: { into: x }", "the key 'source' is missing", "{ into")]
    [InlineData("enrich: reviews", "found 'reviews', expected what is asked, such as { source: reviews, path: \"/reviews/{{ record.id }}\", into: review }", "reviews")]
    [InlineData("enrich: { source: ap, into: x }", "found 'ap', which is no source; did you mean 'api'?", "ap,")]
    [InlineData("enrich: { source: api, into: a.b }", "found 'a.b', expected the name of a field: letters, digits, '_' and '-'", "a.b")]
    [InlineData("enrich: { source: api, into: x, parallel: 0 }", "found '0', expected a whole number from 1 to 1000", "0 }")]
    [InlineData("enrich: { source: api, into: x, timeout: 0s }", "found 0s, expected a duration above 0, such as 30s", "timeout")]
    [InlineData("enrich: { source: api, into: x, path: '/{{ now }}' }", "found '/{{ now }}', expected no other name than record.FIELD: an answer is kept for as long as the record stays the same", "'/{{")]
    [InlineData("enrich: { source: api, into: x, path: '/', group: 0 }", "found '0', expected a whole number from 1 to 10000", "0 }")]
    [InlineData("enrich: { source: api, into: x, path: '/{{ record.id }}', match: 'a[*]' }", "found 'a[*]', expected one field, such as id or address.city", "'a[*]'")]
    [InlineData("enrich: { source: api, into: x, path: '/{{ record.id }}', match: { record: id } }", "the key 'answer' is missing", "{ record: ")]
    [InlineData("enrich: { source: api, into: x, path: '/{{ record.id }}', match: siret }", "nothing in the request asks for {{ record.siret }}, so no answer could come back with it: add it to the request, or match by another field", "siret")]
    [InlineData("metadata: true", "'metadata' is not available in this version; take it out")]
    [InlineData("nested: flat", "found 'flat', expected one of json, flatten", "flat")]
    [InlineData("schema_contract: loose", "found 'loose', expected one of evolve, freeze, discard", "loose")]
    [InlineData("indexes: city", "found 'city', expected a list, such as [a, b]", "city")]
    [InlineData("indexes: [[]]", "found an index without a column, expected a field or a list of fields", "[]")]
    [InlineData("indexes: [[city, city]]", "found a column twice in one index", "[city")]
    [InlineData("indexes: [{ columns: city, unqiue: true }]", "unknown key 'unqiue'; did you mean 'unique'?", "unqiue")]
    [InlineData("indexes: [{ unique: true }]", "the key 'columns' is missing", "{ unique")]
    [InlineData("partition_by: { column: day }", "the key 'by' is missing", "{ column")]
    [InlineData("partition_by: { column: day, by: hash }", "found 'hash', expected one of list, range", "hash")]
    [InlineData("partition_by: { column: day, by: range, interval: week }", "found 'week', expected one of day, month, year", "week")]
    [InlineData("partition_by: { column: day, by: list, interval: day }", "found an interval, but a list has a partition for each value; take it out, or set by: range", "interval")]
    [InlineData("partition_by: { column: day, by: list }, primary_key: [id, at]", "the primary_key of a partitioned table must hold the column that it is partitioned by: add 'day' to primary_key (id, at), or take partition_by out")]
    [InlineData("partition_by: { column: day, by: list }, indexes: [{ columns: [a, b], unique: true }]", "a unique index of a partitioned table must hold the column that it is partitioned by: add 'day' to the index (a, b), or take unique out", "indexes")]
    [InlineData("partition_by: { column: day, by: list }, primary_key: [id, day]", "the destination 'db' has no partitions: take partition_by out, or write to PostgreSQL")]
    [InlineData("partition_by: { column: day, by: list }", "the destination 'db' has no partitions: take partition_by out, or write to PostgreSQL")]
    [InlineData("batch: { period: 0s }", "found 0s, expected a duration above 0, such as 5s", "period")]
    [InlineData("batch: { count: 1000001 }", "found '1000001', expected a whole number from 1 to 1000000", "1000001")]
    [InlineData("max_delete: 120%", "found '120%', expected a share such as 20%", "120%")]
    [InlineData("parent: { stream: a, include: id }", "the stream 'a' can't be its own parent", "a,")]
    [InlineData("parent: { stream: b, include: id }", "the parent 'b' must stand before 'a'; move it up", "b,")]
    [InlineData("tabel: x", "unknown key 'tabel'; did you mean 'table'?")]
    [InlineData("paginator: { type: rely }", "found type 'rely', expected a paginator: relay, single_page; did you mean 'relay'?", "rely")]
    public void A_broken_rule_is_said_at_the_key_that_it_concerns(string keys, string error, string? at = null)
    {
        var line = $"  a: {{ {Request}, {keys} }}";
        at ??= keys[..keys.IndexOf(':', StringComparison.Ordinal)];
        var from = line.IndexOf(keys, StringComparison.Ordinal);
        _scene.Errors(ConfigurationScene.Head + line + $"\n  b: {{ {Request} }}\n").ShouldBe([$"tidemark.yaml:7:{line.IndexOf(at, from, StringComparison.Ordinal) + 1}: {error}"]);
    }

    [Theory]
    [InlineData("deletions: mark, primary_key: id", "deletions need one scan of everything, and slices are scans of their own: take one of the two out")]
    [InlineData("write_disposition: replace", "replace needs one scan of everything, and slices are scans of their own: use merge, or take slices out")]
    public void What_needs_one_scan_of_everything_has_no_slices(string keys, string error) =>
        _scene.Errors(ConfigurationScene.Head + $"  a: {{ {Request}, slices: {{ by: list, values: [a], param: p }}, {keys} }}\n").ShouldContain(e => e.EndsWith(error, StringComparison.Ordinal));

    [Theory]
    [InlineData("request: { path: /, params: { q: \"{{ slice }}\" } }", "incremental: whole reads the records at the watermark once more, and append would write them again: use merge, with a primary_key", "slices")]
    [InlineData("request: { path: /, params: { q: \"{{ slice }}\" } }, primary_key: id", "each run of this stream reads everything, so there is nothing for incremental: whole; add incremental: { cursor_field: … }, or take it out", "incremental")]
    [InlineData("request: { path: \"/{{ slice }}\", params: { since: \"{{ last_success }}\" } }, primary_key: id", "the path needs a slice, which runs after the import don't have with incremental: whole: ask for the slice in params, or take incremental out of slices", "\"/{{")]
    [InlineData("request: { path: /, params: { q: \"{{ slice }} {{ last_success }}\" } }, primary_key: id", "found '{{ slice }} {{ last_success }}', which lacks a value in a first run, and would be left out with the slice in it: write two parameters, one with the slice and one with the filter", "\"{{")]
    public void Slices_for_imports_only_leave_something_to_ask_for_after_them(string keys, string error, string at)
    {
        var line = $"  a: {{ {keys}, slices: {{ by: list, values: [a], incremental: whole }} }}";
        _scene.Errors(ConfigurationScene.Head + line + "\n").ShouldBe([$"tidemark.yaml:7:{line.IndexOf(at, StringComparison.Ordinal) + 1}: {error}"]);
    }

    [Theory]
    [InlineData("refresh: full, incremental: { cursor_field: at }, write_disposition: replace")]
    [InlineData("refresh: incremental, primary_key: id, request: { path: \"/?since={{ last_success }}\" }")]
    [InlineData("write_disposition: append, primary_key: id")]
    [InlineData("incremental: { cursor_field: at, lookback_window: 1h }, primary_key: id")]
    [InlineData("request: { path: /, params: { a: \"{{ slice }}\", b: \"{{ last_success }}\" } }, slices: { by: list, values: [a], incremental: whole }, primary_key: id")]
    [InlineData("expect: { max_read: 5 }, parent: { stream: first, include: id }, request: { path: \"/{{ parent.id }}\" }")]
    public void A_rule_that_holds_is_silent(string keys)
    {
        var request = keys.Contains("request", StringComparison.Ordinal) ? "" : Request + ", ";
        _scene.Read(ConfigurationScene.Head + $"  first: {{ {Request} }}\n  a: {{ {request}{keys} }}\n").Streams.Count.ShouldBe(2);
    }

    [Fact]
    public void Templates_need_what_they_name() =>
        _scene.Errors(ConfigurationScene.Head + """
              first: { request: { path: / } }
              a: { request: { path: "/{{ parent.id }}" } }
              b: { request: { path: "/{{ parent.ids }}" }, parent: { stream: first, include: [id] } }
              c: { request: { path: "/{{ watermark }}" } }
              d: { request: { path: "/{{ last_success }}" }, write_disposition: replace }
              e: { request: { path: "/{{ record.id }}" } }
            """).ShouldBe([
            "tidemark.yaml:8:25: found parent.id, but the stream has no parent; add parent: { stream: …, include: [id] }",
            "tidemark.yaml:9:25: found parent.ids, which is not in the parent's include; add it there, or did you mean 'id'?",
            "tidemark.yaml:10:25: found watermark, but the stream has none without incremental: { cursor_field: … }; last_success is known for every stream",
            "tidemark.yaml:11:50: replace needs a full read, but the request asks for a part only ({{ last_success }}): use merge, or set refresh: full",
            "tidemark.yaml:12:25: found record.id, but there is no record yet when a page is asked for: only enrich knows it",
        ]);

    [Fact]
    public void Streams_on_one_table_agree_and_leave_each_other_alone() =>
        _scene.Errors(ConfigurationScene.Head + """
              a: { request: { path: / }, table: t, primary_key: id }
              b: { request: { path: / }, table: t, primary_key: id }
              c: { request: { path: / }, table: t, primary_key: key }
              d: { request: { path: / }, table: t, primary_key: id, columns: { id: text } }
              t: { request: { path: / }, primary_key: id, deletions: remove }
              e: { request: { path: / }, table: t, primary_key: id, nested: flatten }
              f: { request: { path: / }, table: t, primary_key: id, schema_contract: freeze }
            """).ShouldBe([
            "tidemark.yaml:9:37: the streams 'a' and 'c' both write the table 't', but differ in primary_key; make them equal, or give each a table of its own",
            "tidemark.yaml:10:37: the streams 'a' and 'd' both write the table 't', but differ in columns; make them equal, or give each a table of its own",
            "tidemark.yaml:11:3: the streams 'a' and 't' both write the table 't', and 't' would remove the other one's rows (replace, deletions); give each a table of its own",
            "tidemark.yaml:12:37: the streams 'a' and 'e' both write the table 't', but differ in nested; make them equal, or give each a table of its own",
            "tidemark.yaml:13:37: the streams 'a' and 'f' both write the table 't', but differ in schema_contract; make them equal, or give each a table of its own",
        ]);

    [Fact]
    public void A_key_of_another_type_of_source_is_told_apart_from_an_unknown_one() =>
        _scene.Errors("""
            name: test
            sources: { rows: { type: file, path: rows.jsonl } }
            destinations: { a: { url: "sqlite:a.db" }, b: { url: "sqlite:b.db" } }
            streams:
              first: { destination: a }
              second: { destination: b, records: data, parent: { stream: first, include: id } }
              third: { destination: c, request: { path: x.jsonl, method: GET } }
              fourth: 5
            """).ShouldBe([
            "tidemark.yaml:6:29: 'records' belongs to sources of type rest, but 'rows' is of type file",
            "tidemark.yaml:6:62: the parent 'first' writes to 'a', but 'second' to 'b'; both must write to one destination",
            "tidemark.yaml:7:25: found 'c', which is no destination; did you mean 'a'?",
            "tidemark.yaml:7:54: unknown key 'method'; known here: path",
            "tidemark.yaml:8:11: found '5', expected a stream, such as { request: { path: /clients } }",
        ]);
}
