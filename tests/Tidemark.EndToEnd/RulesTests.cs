using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary><c>validate:</c> from a file into a table: what is rejected, what is said of it, and what a retry makes of it.</summary>
public sealed class RulesTests : IDisposable
{
    private const string Rules = """
            validate:
              - { field: name, rule: required, reason: every shop has a name }
              - { field: text, rule: length, min: 5, max: 40 }
              - { field: stars, rule: range, min: 1, max: 5 }
              - { field: address.country, rule: pattern, pattern: '^[A-Z]{2}$' }
              - { field: kind, rule: one_of, values: [shop, cafe] }
              - { field: text, rule: too_similar, to: a very good shop with kind people }
            """;

    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G75")]
    public async Task Record_that_breaks_a_rule_is_kept_with_the_reason_and_the_others_are_written()
    {
        Configure(Rules);
        _scene.File("in.jsonl", """
            {"id":1,"name":"A","text":"quite fine","stars":5,"address":{"country":"FR"},"kind":"shop"}
            {"id":2,"name":"B"}
            {"id":3}
            {"id":4,"name":null}
            {"id":5,"name":"E","text":"bad"}
            {"id":6,"name":"F","stars":"5"}
            {"id":7,"name":"G","address":{"country":"France"}}
            {"id":8,"name":"H","kind":"bar"}
            {"id":9,"name":"I","text":"A very good shop, with kind people!"}
            {"name":"no key"}

            """);
        var outcome = (await RunAsync()).Exits(1);

        outcome.Status().ShouldBe("partial");
        (outcome.Count("read"), outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((10, 2, 8));
        outcome.Stream().GetProperty("rejected").GetRawText().ShouldBe(
            """{"name: required":2,"address.country: pattern":1,"kind: one_of":1,"stars: range":1,"text: length":1,"text: too_similar":1}""");
        Database.Query(_scene.Database, "select id from items order by id").Select(r => r["id"]).ShouldBe([1L, 2L]);
        var list = (await _scene.ToolAsync("failed", "list", "--limit", "20")).Exits(0).Output;
        Outcome.Says(list,
            "name: required: every shop has a name (found nothing, expected a value)", "name: required: every shop has a name (found null, expected a value)",
            "text: length: found 3 characters ('bad'), expected 5 to 40 characters", "stars: range: found the text '5', expected a number, 1 to 5",
            "address.country: pattern: found the text 'France', expected a text that matches ^[A-Z]{2}$", "kind: one_of: found the text 'bar', expected one of 'shop', 'cafe'",
            "text: too_similar: found the text 'A very good shop, with kind people!' with a similarity of 1 to 'a very good shop with kind people', expected less than 0.6",
            "the record has no value in 'id', which is part of the primary key");
        // With the run, too.
        Database.Scalar(_scene[".tidemark/store.db"], "select rejected ->> '$.\"name: required\"' from run_streams").ShouldBe(2L);
    }

    [Fact]
    [Trait("guarantee", "G75")]
    public async Task Rejected_records_count_for_max_failed()
    {
        Configure("validate: [{ field: n, rule: range, max: 100 }]\nmax_failed: 10");
        Write(Enumerable.Range(0, 112));
        var outcome = (await RunAsync()).Exits(4);
        outcome.StreamError().ShouldBe("11 records were refused, more than max_failed (10); the last one: n: range: found the number 111, expected a number, at most 100");
        Configure("validate: [{ field: n, rule: range, max: 100 }]\nmax_failed: 11");
        (await RunAsync()).Exits(1).Count("failed").ShouldBe(11);
    }

    [Fact]
    [Trait("guarantee", "G76")]
    public async Task Rejections_are_counted_exactly_by_a_bounded_number_of_reasons()
    {
        const int Fields = 130, Each = 200;
        var fields = string.Join(", ", Enumerable.Range(0, Fields).Select(i => $"{{ field: f{i}, rule: range, max: 0 }}"));
        Configure($"validate: [{fields}]\nmax_failed: 100000", streams: 4);
        _scene.File("in.jsonl", string.Concat(Enumerable.Range(0, Fields * Each).Select(i => $"{{\"id\":{i},\"f{i % Fields}\":1}}\n")) + "{\"id\":-1}\n");
        var outcome = (await RunAsync()).Exits(1);
        foreach (var name in (string[])["items", "items1", "items2", "items3"])
        {
            (outcome.Count("read", name), outcome.Count("inserted", name), outcome.Count("failed", name)).ShouldBe((Fields * Each + 1, 1, Fields * Each));
            var rejected = outcome.Stream(name).GetProperty("rejected").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64(), StringComparer.Ordinal);
            rejected.Count.ShouldBe(101);
            rejected["other reasons"].ShouldBe(30 * Each);
            rejected.Where(r => r.Key != "other reasons").ShouldAllBe(r => r.Value == Each);
        }
    }

    [Fact]
    public async Task Report_for_people_names_the_reasons()
    {
        Configure("validate: [{ field: n, rule: range, max: 5 }, { field: n, rule: one_of, values: [0, 1, 2, 3, 4] }]");
        Write(Enumerable.Range(0, 9));
        var output = (await _scene.ToolAsync("run")).Exits(1).Output;
        Outcome.Says(output, "items   9 read, 5 inserted, 4 failed", "\n        ! 3 rejected by n: range\n        ! 1 rejected by n: one_of\n", "4 records failed and are kept: tidemark failed list");
    }

    [Fact]
    [Trait("guarantee", "G77")]
    public async Task Retry_judges_by_the_rules_as_they_are_now()
    {
        Configure("validate: [{ field: n, rule: range, max: 2 }]");
        Write(Enumerable.Range(0, 6));
        (await RunAsync()).Exits(1).Count("failed").ShouldBe(3);
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(1).Output.ShouldStartWith("items   3 to retry, 0 resolved, 3 still failing\n");

        File.Delete(_scene["in.jsonl"]);
        Configure("validate: [{ field: n, rule: one_of, values: [0, 3, 4] }]");
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(1).Output.ShouldStartWith("items   3 to retry, 2 resolved, 1 still failing\n");
        (await _scene.ToolAsync("failed", "list")).Exits(0).Output.ShouldContain("n: one_of: found the number 5, expected one of '0', '3', '4'");
        // What is in the table stays, whatever the rules say now.
        Database.Query(_scene.Database, "select n from items order by n").Select(r => r["n"]).ShouldBe([0L, 1L, 2L, 3L, 4L]);
        Configure("nested: json");
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(0);
        Database.Scalar(_scene.Database, "select count(*) from items").ShouldBe(6L);
    }

    [Fact]
    public async Task Dry_run_says_what_would_be_rejected()
    {
        Configure("validate: [{ field: n, rule: range, min: 5 }]");
        Write([1, 2]);
        (await _scene.ToolAsync("run", "--dry-run")).Exits(0).Output.ShouldContain("every record of the page would be refused; the first one: n: range: found the number 1, expected a number, at least 5");
    }

    private void Write(IEnumerable<int> numbers) => _scene.File("in.jsonl", string.Concat(numbers.Select(n => $"{{\"id\":{n},\"n\":{n}}}\n")));

    private void Configure(string keys, int streams = 1) => _scene.File("tidemark.yaml",
        $"name: rules\nparallel_streams: {streams}\nsources:\n  s: {{ type: file, path: in.jsonl }}\ndestinations:\n  db: {{ type: sqlite, path: out.db }}\nstreams:\n"
        + string.Concat(Enumerable.Range(0, streams).Select(i => $"  items{(i == 0 ? "" : i)}:\n    primary_key: id\n{string.Join('\n', keys.Split('\n').Select(l => "    " + l))}\n")));

    private Task<Outcome> RunAsync() => _scene.RunAsync();
}
