using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>The demos <c>companies</c>, <c>shops</c> and <c>kpi</c>, from an empty folder; into PostgreSQL in PostgreSqlTests.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Companies_are_killed_gone_on_with_and_compared()
    {
        // Another recipe's demo there is replaced.
        (await _scene.ToolAsync("demo", "crm")).Exits(0);
        var outcome = (await _scene.ToolAsync("demo", "companies")).Exits(0);
        Outcome.Says(outcome.Output, "Killed with -9 after ", " of 98 départements are done, ", "98 of 98 slices done", "94 rejected by siret: required",
            " allowed, 0 refused, at most ", "34 969 in the register = ", "lost / twice = 0 / 0, each value as in the register", "94 by siret: required", "  tidemark failed list -c tidemark-demo/tidemark.yaml --limit 5");
        outcome.Output.ShouldNotContain("\u001b", customMessage: "nothing is drawn where nobody looks");
        File.Exists(_scene["tidemark-demo/crm.db"]).ShouldBeFalse();

        // What it says to do next works, in the same shell.
        Outcome.Says((await _scene.ToolAsync("show", "companies", "-c", "tidemark-demo/tidemark.yaml", "--limit", "3")).Exits(0).Output, "3 of 34 ");
        Outcome.Says((await _scene.ToolAsync("failed", "list", "-c", "tidemark-demo/tidemark.yaml", "--limit", "5")).Exits(0).Output, "companies   ");
        Outcome.Says((await _scene.ToolAsync("quota", "-c", "tidemark-demo/tidemark.yaml")).Exits(0).Output, "rate     100 in 5s", "records per 1d (Europe/Paris)");

        var again = (await _scene.ToolAsync("demo", "companies", "--json")).Exits(0).Report;
        again.GetProperty("killed").GetProperty("slices_done").GetInt64().ShouldBeInRange(1, 97);
        again.GetProperty("report").GetProperty("status").GetString().ShouldBe("partial");
        again.GetProperty("calls").GetProperty("refused").GetInt64().ShouldBe(0);
        again.GetProperty("calls").GetProperty("max_in_window").GetInt64().ShouldBeInRange(1, 100);
        IsWhole(again);
    }

    [Fact]
    public async Task Shops_are_saved_in_few_transactions_and_survive_a_kill()
    {
        var outcome = (await _scene.ToolAsync("demo", "shops")).Exits(0);
        Outcome.Says(outcome.Output, """{"line":3,"outcome":"inserted","row_id":3}""", "1 000 read, 1 000 inserted, 100 batches", "  100 transactions, as the log of the database has them", " shops were acknowledged, ",
            "2 003 found, 2 003 in the table", "lost / twice = 0 / 0, each value as it was found");
        Outcome.Says((await _scene.ToolAsync("show", "shops", "-c", "tidemark-demo/tidemark.yaml", "--limit", "3")).Exits(0).Output, "3 of 2 003 rows of shops");
        ShopsAreWhole((await _scene.ToolAsync("demo", "shops", "--json")).Exits(0).Report).GetProperty("transactions").GetInt64().ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task Kpis_are_posted_twice_all_at_once_and_to_a_server_that_is_killed()
    {
        var outcome = (await _scene.ToolAsync("demo", "kpi")).Exits(0);
        Outcome.Says(outcome.Output, "tidemark serve listens on http://127.0.0.1:", "\"errors\":[\"Seller abc-1 not found in store store-1\",\"Seller abc-2 not found in store store-1\"]", "1 692 created, 8 rejected",
            "the same answer, and nothing is written", "\"entries_created\":0,\"entries_updated\":98", "100 posts of one entry, all at once: answered within ", " posts were answered, ",
            "18 766 of sellers posted, 18 766 in the table kpi_entries", "lost / twice = 0 / 0, each value as it was posted");
        KpisAreWhole((await _scene.ToolAsync("demo", "kpi", "--json")).Exits(0).Report).GetProperty("singles").GetProperty("transactions").GetInt64().ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Products_are_bought_once_served_old_while_the_api_is_gone_and_cheaper_by_seventy_percent()
    {
        var outcome = (await _scene.ToolAsync("demo", "discovery")).Exits(0);
        Outcome.Says(outcome.Output, "tidemark; fwd=uri-miss; stored", "hit_count 1, 2, 3, 4, 5", "1 000 callers at once, ", "1 000 answers, 1 call, as the API has counted", "detail=stale; ", ", stale", "  502: ", " 600 requests", "% saved");
        Outcome.Says((await _scene.ToolAsync("verify", "-c", "tidemark-demo/tidemark.yaml")).Exits(0).Output, "discovery: as declared; table product_discovery_cache, ", "scoring: as declared; table product_scoring_cache, ");
        var day = (await _scene.ToolAsync("demo", "discovery", "--json")).Exits(0).Report.GetProperty("day");
        day.GetProperty("saved_percent").GetDouble().ShouldBeGreaterThanOrEqualTo(70);
    }

    [Fact]
    public async Task Folder_that_holds_something_else_is_left_alone()
    {
        _scene.File("notes.txt", "mine");
        var outcome = (await _scene.ToolAsync("demo", "companies", "--dir", ".")).Exits(2);
        Outcome.Says(outcome.Error, "is not empty and holds no earlier demo: choose another --dir");
        Directory.GetFileSystemEntries(_scene.Path).Select(Path.GetFileName).ShouldBe(["notes.txt"]);
        Outcome.Says((await _scene.ToolAsync("demo", "compnies")).Exits(2).Error, "no demo is called 'compnies'; did you mean 'companies'?");
    }

    internal static JsonElement ShopsAreWhole(JsonElement demo)
    {
        Numbers(demo.GetProperty("shops")).ShouldBe([("at_source", 2003), ("in_table", 2003), ("failed", 0), ("lost", 0), ("twice", 0), ("different", 0)]);
        var killed = demo.GetProperty("killed");
        killed.GetProperty("in_table").GetInt64().ShouldBeInRange(killed.GetProperty("acknowledged").GetInt64(), 1000);
        return demo;
    }

    internal static JsonElement KpisAreWhole(JsonElement demo)
    {
        Numbers(demo.GetProperty("entries")).ShouldBe([("at_source", 18_766), ("in_table", 18_766), ("failed", 0), ("lost", 0), ("twice", 0), ("different", 0)]);
        demo.GetProperty("unanswered").GetInt64().ShouldBeInRange(1, 169);
        return demo;
    }

    private static IEnumerable<(string Name, long Value)> Numbers(JsonElement counts) => counts.EnumerateObject().Select(c => (c.Name, c.Value.GetInt64()));

    /// <summary>Nothing is lost, there twice, or different.</summary>
    internal static void IsWhole(JsonElement demo)
    {
        var companies = demo.GetProperty("companies").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64(), StringComparer.Ordinal);
        (companies["at_source"], companies["lost"], companies["twice"], companies["different"]).ShouldBe((34_969, 0, 0, 0));
        (companies["in_table"] + companies["failed"]).ShouldBe(34_969);
    }
}
