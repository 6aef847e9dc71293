using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.PostgreSql;

/// <summary>Records and tables that PostgreSQL can't take as they are: a clear word, the right exit code, nothing lost and nothing twice.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class BadInputTests(PostgresServer server)
{
    private const string Keyed = "  items: { source: files, primary_key: id }";

    [Fact]
    public async Task Text_with_nul_is_a_failed_record_that_says_so_and_the_rest_is_written()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"v":"a"}""", """{"id":2,"v":"a\u0000b"}""", """{"id":3,"doc":{"deep":"\u0000"}}""", """{"id":4,"v":"d"}""");
        (await RunAsync(scene)).Exits(1).Count("failed").ShouldBe(2);
        (await scene.SqlAsync("SELECT id, v FROM items ORDER BY id")).ShouldBe("1|a\n4|d");
        Outcome.Says((await scene.Scene.ToolAsync("failed", "list")).Exits(0).Output, "NUL", "'v'", "'doc'");
    }

    [Fact]
    public async Task Numbers_beyond_bigint_and_with_many_digits_keep_them_all()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"v":9223372036854775807}""", """{"id":2,"v":9223372036854775808}""", """{"id":3,"v":-123456789012345678901234567890.123456789}""", """{"id":4,"v":1e100}""");
        (await RunAsync(scene)).Exits(0);
        (await scene.SqlAsync("SELECT v FROM items ORDER BY id")).ShouldBe($"9223372036854775807\n9223372036854775808\n-123456789012345678901234567890.123456789\n1{new string('0', 100)}");
    }

    [Fact]
    public async Task Number_beyond_the_column_that_somebody_made_is_a_failed_record()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"v":5}""", """{"id":2,"v":3000000000}""", """{"id":3,"v":"x"}""", """{"id":4,"v":7}""");
        await scene.SqlAsync("CREATE TABLE items(id bigint PRIMARY KEY, v integer)");
        (await RunAsync(scene)).Exits(1).Count("failed").ShouldBe(2);
        (await scene.SqlAsync("SELECT id, v FROM items ORDER BY id")).ShouldBe("1|5\n4|7");
        Outcome.Says((await scene.Scene.ToolAsync("failed", "list")).Output, "integer");
    }

    [Fact]
    public async Task NaN_is_text_and_where_a_number_is_declared_a_failed_record()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"v":"NaN"}""", """{"id":2,"v":1.5}""");
        (await RunAsync(scene)).Exits(0);
        (await scene.SqlAsync("SELECT v FROM items ORDER BY id")).ShouldBe("NaN\n1.5");

        using var declared = await SceneAsync("  items: { source: files, primary_key: id, columns: { v: { type: double } } }", """{"id":1,"v":"NaN"}""", """{"id":2,"v":NaN}""", """{"id":3,"v":1.5}""");
        (await RunAsync(declared)).Exits(1).Count("failed").ShouldBe(2);
        (await declared.SqlAsync("SELECT id, v FROM items")).ShouldBe("3|1.5");
    }

    [Fact]
    public async Task Timestamp_without_zone_is_text_and_where_a_timestamp_is_declared_a_failed_record()
    {
        string[] records = ["""{"id":1,"at":"2026-01-09T10:00:00"}""", """{"id":2,"at":"2026-01-09T10:00:00+02:00"}"""];
        using var scene = await SceneAsync(Keyed, records);
        (await RunAsync(scene)).Exits(0);
        (await scene.SqlAsync("SELECT at FROM items ORDER BY id")).ShouldBe("2026-01-09T10:00:00\n2026-01-09T10:00:00+02:00");

        using var declared = await SceneAsync("  items: { source: files, primary_key: id, columns: { at: { type: timestamp } } }", records);
        (await RunAsync(declared)).Exits(1).Count("failed").ShouldBe(1);
        (await declared.SqlAsync("SELECT id, at AT TIME ZONE 'UTC' FROM items")).ShouldBe("2|2026-01-09 08:00:00");
        Outcome.Says((await declared.Scene.ToolAsync("failed", "list")).Output, "without a zone");
    }

    [Fact]
    public async Task Names_of_300_characters_keep_their_columns_from_run_to_run()
    {
        var (one, two) = (new string('n', 299) + "1", new string('n', 299) + "2");
        using var scene = await SceneAsync(Keyed, $$"""{"id":1,"{{one}}":"first","{{two}}":"second"}""");
        (await RunAsync(scene)).Exits(0);
        scene.File([$$"""{"id":1,"{{two}}":"second","{{one}}":"first"}""", $$"""{"id":2,"{{two}}":"2"}"""], Keyed);
        var again = (await RunAsync(scene)).Exits(0);
        (again.Count("inserted"), again.Count("unchanged")).ShouldBe((1, 1));
        var columns = (await scene.SqlAsync("SELECT attname FROM pg_attribute WHERE attrelid = 'items'::regclass AND attnum > 1 ORDER BY attnum")).Split('\n');
        columns.Length.ShouldBe(2);
        (await scene.SqlAsync($"SELECT \"{columns[0]}\", \"{columns[1]}\" FROM items ORDER BY id")).ShouldBe("first|second\nNULL|2");
    }

    [Fact]
    public async Task Not_null_column_that_a_new_record_lacks_fails_that_record_only()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"n":2}""", """{"id":2,"n":3}""", """{"id":3,"must":"c"}""");
        await scene.SqlAsync("CREATE TABLE items(id bigint PRIMARY KEY, must text NOT NULL, n bigint); INSERT INTO items VALUES (1, 'a', 1)");
        var outcome = (await RunAsync(scene)).Exits(1);
        (outcome.Count("updated"), outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((1, 1, 1));
        (await scene.SqlAsync("SELECT id, must, n FROM items ORDER BY id")).ShouldBe("1|a|2\n3|c|NULL");
        Outcome.Says((await scene.Scene.ToolAsync("failed", "list")).Output, "must");
    }

    [Fact]
    public async Task View_in_the_place_of_the_table_is_told()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1}""");
        await scene.SqlAsync("CREATE VIEW items AS SELECT 1 AS id");
        Outcome.Says((await RunAsync(scene)).Exits(4).StreamError(), "items", "view");
        (await scene.SqlAsync("SELECT count(*) FROM tidemark.failed_records")).ShouldBe("0");
    }

    [Fact]
    public async Task Column_under_a_view_that_has_to_become_wider_stops_and_names_the_view()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1,"v":1}""");
        (await RunAsync(scene)).Exits(0);
        await scene.SqlAsync("CREATE VIEW overview AS SELECT v FROM items");
        scene.File(["""{"id":1,"v":1}""", """{"id":2,"v":"x"}"""], Keyed);
        var outcome = (await RunAsync(scene)).Exits(4);
        Outcome.Says(outcome.StreamError(), "'v'", "overview");
        outcome.Count("failed").ShouldBe(0);
        (await scene.SqlAsync("SELECT id, v FROM items")).ShouldBe("1|1");

        await scene.SqlAsync("DROP VIEW overview");
        (await RunAsync(scene)).Exits(0);
        (await scene.SqlAsync("SELECT id, v FROM items ORDER BY id")).ShouldBe("1|1\n2|x");
    }

    [Fact]
    public async Task Missing_rights_stop_the_stream_and_mark_no_record_failed()
    {
        await server.SqlAsync("postgres", "CREATE ROLE weak LOGIN");
        using var scene = (await PostgreSqlScene.CreateAsync(server, "weak")).File(["""{"id":1,"v":1}"""], Keyed);
        await scene.SqlAsync("GRANT CREATE, USAGE ON SCHEMA public TO weak");
        Outcome.Says((await scene.Scene.ToolAsync("check")).Exits(4).Output, "store: ", "the schema 'tidemark' does not exist", "CREATE SCHEMA tidemark AUTHORIZATION \"weak\"");
        await scene.SqlAsync("CREATE SCHEMA tidemark AUTHORIZATION weak; CREATE TABLE items(id bigint PRIMARY KEY, v bigint); GRANT SELECT ON items TO weak");
        var outcome = (await RunAsync(scene)).Exits(4);
        Outcome.Says(outcome.StreamError(), "permission denied", "items");
        outcome.Count("failed").ShouldBe(0);
        Outcome.Says((await scene.Scene.ToolAsync("check")).Exits(4).Output, "items: ", "GRANT INSERT, UPDATE ON \"public\".\"items\" TO \"weak\"");

        await scene.SqlAsync("GRANT INSERT, UPDATE ON items TO weak");
        (await scene.Scene.ToolAsync("check")).Exits(0);
        (await RunAsync(scene)).Exits(0);
        (await scene.SqlAsync("SELECT id, v FROM items")).ShouldBe("1|1");
    }

    [Fact]
    public async Task Unknown_database_and_wrong_port_say_where_and_show_no_password()
    {
        using var scene = await SceneAsync(Keyed, """{"id":1}""");
        foreach (var url in new[] { $"postgresql://postgres:s3cret@127.0.0.1:{server.Port}/nowhere", $"postgresql://postgres:s3cret@127.0.0.1:{Programs.FreePort()}/postgres?connect_timeout=1" })
        {
            var text = await File.ReadAllTextAsync(scene.Scene["tidemark.yaml"]);
            scene.Scene.File("tidemark.yaml", System.Text.RegularExpressions.Regex.Replace(text, "url: \"[^\"]*\"", $"url: \"{url}\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
            var outcome = (await scene.Scene.ToolAsync("check")).Exits(4);
            Outcome.Says(outcome.Output + outcome.Error, "127.0.0.1");
            (outcome.Output + outcome.Error).ShouldNotContain("s3cret");
        }
    }

    private async Task<PostgreSqlScene> SceneAsync(string streams, params string[] records) => (await PostgreSqlScene.CreateAsync(server)).File(records, streams);

    private static Task<Outcome> RunAsync(PostgreSqlScene scene) => scene.Scene.RunAsync();
}
