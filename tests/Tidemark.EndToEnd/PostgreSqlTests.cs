using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>The commands against PostgreSQL: what a user does first, and what is told when it goes wrong.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlTests(PostgresServer server) : IDisposable
{
    private const string Password = "hunter2-hunter2";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Demo_mirrors_the_crm_into_the_database_that_crm_db_names_and_does_so_again()
    {
        _scene.Environment["CRM_DB"] = await server.CreateDatabaseAsync();
        var first = (await _scene.ToolAsync("demo")).Exits(0).Output;
        Outcome.Says(first, "+ table public.clients (15 columns)", "31 calls, ", "62 records changed.", "The tables are in PostgreSQL ");

        // The tables of the first one are the user's: they are not taken away.
        Outcome.Says((await _scene.ToolAsync("demo")).Exits(0).Output, "everything is read again (--full)", "62 records changed.");
        Outcome.Says((await _scene.ToolAsync("show", "clients", "-c", "tidemark-demo/tidemark.yaml", "--limit", "1")).Exits(0).Output, "1 of 1 344 rows of clients");
        Outcome.Says((await _scene.ToolAsync("verify", "-c", "tidemark-demo/tidemark.yaml")).Exits(0).Output, "clients: as declared; table public.clients, 1 344 rows", "timestamp with time zone");
    }

    [Fact]
    public async Task Demo_of_companies_imports_into_the_database_that_companies_db_names_and_does_so_again()
    {
        _scene.Environment["COMPANIES_DB"] = await server.CreateDatabaseAsync();
        DemoTests.IsWhole((await _scene.ToolAsync("demo", "companies", "--json")).Exits(0).Report);

        var again = (await _scene.ToolAsync("demo", "companies", "--json")).Exits(0).Report;
        DemoTests.IsWhole(again);
        again.GetProperty("report").GetProperty("streams")[0].GetProperty("mode").GetString().ShouldBe("full");
        // What was asked in the first one is not asked again.
        again.GetProperty("reviews").GetProperty("made").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Demos_of_shops_and_kpi_write_into_the_databases_that_are_named_and_do_so_again()
    {
        _scene.Environment["SHOPS_DB"] = _scene.Environment["KPI_DB"] = await server.CreateDatabaseAsync();
        for (var run = 0; run < 2; run++)
        {
            DemoTests.ShopsAreWhole((await _scene.ToolAsync("demo", "shops", "--json")).Exits(0).Report);
            DemoTests.KpisAreWhole((await _scene.ToolAsync("demo", "kpi", "--json")).Exits(0).Report);
        }
    }

    [Fact]
    public async Task Verify_finds_what_somebody_changed_in_the_database()
    {
        var url = await server.CreateDatabaseAsync();
        Configure(url, "columns: { city: text, at: timestamp }\nindexes: [city, { columns: [code, at], unique: true }]\nprimary_key: [id, at]\npartition_by: { column: at, by: range, interval: year }");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(1).Output, "table items: expected a table, found none");
        Outcome.Says((await _scene.ToolAsync("run")).Exits(0).Output, "+ table app.items (5 columns)", "+ index items_city_idx", "+ index items_code_at_", "+ partition ");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(0).Output, "items: as declared; table app.items, 2 rows", "  unique index items_code_at_", "  partitioned by range of at");
        await server.SqlAsync(PostgresServer.DatabaseOf(url), "ALTER TABLE app.items ALTER city TYPE varchar(80); ALTER TABLE app.items RENAME code TO codes; DROP INDEX app.items_city_idx");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(1).Output,
            "4 differences", "- column city: expected text, found character varying(80)", "- column code: expected a column for the field 'code'", "- index (city): expected an index, found none", "- index (code, at): expected a unique index, found none, as the field 'code' has no column");
    }

    [Theory]
    [InlineData("validate", 0)]
    [InlineData("check", 4)]
    [InlineData("run", 4)]
    [InlineData("run --json", 4)]
    [InlineData("verify", 4)]
    [InlineData("verify --json", 4)]
    [InlineData("show items", 4)]
    [InlineData("run --log-level trace", 4)]
    public async Task Password_of_a_url_is_in_nothing_that_is_printed_or_kept(string command, int exitCode)
    {
        // A user that the server does not know; it lets no one in, password or not.
        Configure($"postgresql://nobody:{Password}@127.0.0.1:{server.Port}/postgres?sslpassword={Password}", "primary_key: id");
        var outcome = (await _scene.ToolAsync(command.Split(' '))).Exits(exitCode);
        (outcome.Output + outcome.Error).ShouldNotContain(Password);
        if (exitCode == 4) Outcome.Says(outcome.Output + outcome.Error, $"127.0.0.1:{server.Port}/postgres", "nobody");
        var kept = Directory.GetFiles(_scene.Path, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("tidemark.yaml", StringComparison.Ordinal));
        foreach (var file in kept) System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(Password, customMessage: file);
    }

    [Theory]
    [InlineData("postgresql://u:hunter2-hunter2@host:port/db", "port")]
    [InlineData("postgresql://u:hunter2-hunter2@host/db?sslmod=require", "'sslmod'")]
    [InlineData("postgresql://u:hunter2-hunter2/@host/db", "%2F")]
    [InlineData("postgresql://u:hunter2-hunter2?@host/db", "%3F")]
    [InlineData("postgresql://u:hunter2-hunter2%@host/db", "%25")]
    public async Task Wrong_url_is_told_offline_and_without_its_password(string url, string word)
    {
        Configure(url, "primary_key: id");
        var outcome = (await _scene.ToolAsync("validate")).Exits(2);
        Outcome.Says(outcome.Error, "tidemark.yaml:3:", word);
        outcome.Error.ShouldNotContain(Password);
    }

    private void Configure(string url, string stream)
    {
        _scene.File("rows.jsonl", """
            {"id":1,"code":"a","city":"Rome","at":"2025-12-31T23:59:59Z","size":1}
            {"id":2,"code":"b","city":"Oslo","at":"2026-01-01T00:00:00Z","size":2.5}

            """);
        _scene.File("tidemark.yaml", $$"""
            name: postgresql
            sources: { rows: { type: file, path: rows.jsonl } }
            destinations: { db: { type: postgresql, url: "{{url}}", schema: app } }
            streams:
              items:
                {{stream.Replace("\n", "\n    ", StringComparison.Ordinal)}}
            """);
    }
}
