using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>What a run says of the tables that it changes, and what <c>verify</c> says of those that others changed.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Run_tells_changes_of_tables_in_a_line_each_and_a_new_table_in_one()
    {
        Configure("indexes: [city]");
        Add("""{"id":1,"city":"Rome","size":1}""");
        var first = (await _scene.ToolAsync("run")).Exits(0).Output;
        Outcome.Says(first, "\n        + table items (3 columns)\n", "\n        + index items_city_idx\n");
        first.ShouldNotContain("column size");

        Add("""{"id":2,"city":"Oslo","size":"big","vat":true}""");
        Outcome.Says((await _scene.ToolAsync("run")).Exits(0).Output, "\n        + column vat (BOOLEAN)\n", "\n        ~ size BIGINT ");
        (await _scene.ToolAsync("run")).Exits(0).Output.ShouldNotContain("+ ");
    }

    [Fact]
    public async Task Changes_of_tables_are_in_the_report_for_programs()
    {
        Configure("schema_contract: discard");
        Add("""{"id":1,"city":"Rome"}""");
        (await _scene.RunAsync()).Exits(0).Stream().GetProperty("schema_changes")[0].GetRawText()
            .ShouldBe("""{"kind":"table_created","table":"items","column":null,"from":null,"to":null,"count":2}""");

        Add("""{"id":2,"city":"Oslo","vat":true}""", """{"id":3,"city":"Bonn","vat":false}""");
        (await _scene.RunAsync()).Exits(0).Stream().GetProperty("schema_changes").GetRawText()
            .ShouldBe("""[{"kind":"field_discarded","table":"items","column":"vat","from":null,"to":null,"count":2}]""");
        Outcome.Says((await _scene.ToolAsync("run")).Exits(0).Output, "- field vat: 2 values left out, as the table has no column for it");
    }

    [Fact]
    public async Task Frozen_table_stops_the_stream_and_names_the_field()
    {
        Configure("schema_contract: freeze");
        Add("""{"id":1,"city":"Rome"}""");
        await _scene.RunAsync();
        Add("""{"id":2,"city":"Oslo","vat":true}""");
        Outcome.Says((await _scene.RunAsync()).Exits(4).StreamError(), "vat", "schema_contract");
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Verify_shows_the_table_and_ends_with_0_where_it_is_as_declared()
    {
        Configure("columns: { city: text }\nindexes: [{ columns: city, unique: true }]");
        Add("""{"id":1,"city":"Rome"}""");
        await _scene.RunAsync();
        var output = (await _scene.ToolAsync("verify")).Exits(0).Output;
        Outcome.Says(output, "items: as declared; table items, 1 row\n", "  id     BIGINT   primary key\n", "  city   TEXT\n", "  unique index items_city_key (city)\n");
        (await _scene.ToolAsync("verify", "items", "--json")).Exits(0).Report.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Verify_ends_with_1_and_says_what_was_expected_and_found()
    {
        Configure("columns: { city: text }\nindexes: [city]");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(1).Output, "items: 1 difference\n", "- table items: expected a table, found none; tidemark run items makes it");

        Add("""{"id":1,"city":"Rome","size":1}""");
        await _scene.RunAsync();
        Database.Execute(_scene.Database, "drop index items_city_idx; alter table items rename column size to sizes");
        Configure("columns: { city: bigint }\nindexes: [city]");
        var report = (await _scene.ToolAsync("verify", "--json")).Exits(1).Report;
        report.GetProperty("ok").GetBoolean().ShouldBeFalse();
        report.GetProperty("streams")[0].GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("kind").GetString()).ShouldBe(["column_type", "column_missing", "index_missing"]);
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(1).Output, "items: 3 differences; table items, 1 row\n", "  - column city: expected bigint, found TEXT\n", "  - column size: expected a column for the field 'size'", "  - index (city): expected an index, found none\n");
    }

    [Fact]
    public async Task Verify_ends_with_4_where_the_database_cannot_be_read_and_2_where_no_stream_has_the_name()
    {
        Configure("");
        _scene.File("out.db", "this is no database, but a text that is long enough to be read as one");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(4).Output, "items: ", "out.db", "not an SQLite database");
        Outcome.Says((await _scene.ToolAsync("verify", "item")).Exits(2).Error, "no stream is called 'item'; did you mean 'items'?");
    }

    [Fact]
    public async Task Check_says_what_the_destination_is_and_warns_of_fields_that_no_record_has()
    {
        Configure("incremental: { cursor_field: updatedat }", key: "idd");
        Add("""{"id":1,"updated_at":"2026-01-01T00:00:00Z"}""");
        var output = (await _scene.ToolAsync("check")).Exits(0).Output;
        Outcome.Says(output, "db: ok, SQLite 3.", "file out.db; it can be written\n", "items: ok, 1 record on the first page\n", "has no value in 'idd'", "no record of the page has a value in the cursor_field 'updatedat'; did you mean 'updated_at'?");
        (await _scene.ToolAsync("check", "--json")).Exits(0).Report.GetProperty("streams")[0].GetProperty("warnings").GetArrayLength().ShouldBe(2);
    }

    private void Configure(string keys, string key = "id") => _scene.File("tidemark.yaml", $$"""
        name: schema
        sources: { rows: { type: file, path: rows.jsonl } }
        destinations: { db: { type: sqlite, path: out.db } }
        streams:
          items:
            primary_key: {{key}}
            {{keys.Replace("\n", "\n    ", StringComparison.Ordinal)}}
        """);

    private void Add(params string[] records) => File.AppendAllLines(_scene["rows.jsonl"], records);
}
