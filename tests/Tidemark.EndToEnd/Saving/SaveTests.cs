using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Saving;

/// <summary>JSON lines through <c>tidemark save</c>, as a process.</summary>
public sealed class SaveTests
{
    // No configuration is there: none is asked for.
    private static async Task ListsSavedAsync(Scene scene)
    {
        var kept = (await scene.ToolAsync("failed", "list", "shops", "--saved", "--json")).Exits(0).Report;
        kept.GetArrayLength().ShouldBe(3);
        var id = kept[0].GetProperty("id").GetString()!;
        Outcome.Says((await scene.ToolAsync("failed", "show", id[..12], "--saved")).Exits(0).Output, "stream    shops", "reason    line ");
        (await scene.ToolAsync("failed", "list", "others", "--saved")).Exits(0).Output.Trim().ShouldBe("none");
        (await scene.ToolAsync("failed", "list")).Exits(2);
        (await scene.ToolAsync("failed", "list", "--to", "sqlite:x")).Exits(2).Error.ShouldContain("give --saved as well");
    }

    private static readonly string[] ToShops = ["save", "--to", "sqlite:out.db", "--table", "shops", "--key", "url"];

    [Fact]
    [Trait("guarantee", "G113")]
    public async Task Lines_are_acknowledged_in_order_and_bad_ones_rejected_by_number()
    {
        using var scene = new Scene();
        var first = await SaveAsync(scene, [.. ToShops, "--ack"], Shop("a"), "", "  " + Shop("b") + "\r", "broken", """{"name":"no key"}""", "[1]");
        first.Exits(1);
        Acks(first.Output).ShouldBe(["1 inserted 1", "3 inserted 2", "4 rejected", "5 rejected", "6 rejected"]);
        Outcome.Says(first.Error, "line 4: the record is not JSON", "line 5: the record has no value in 'url'", "line 6: found a list, expected an object", "3 lines were rejected and kept in .tidemark/store.db: tidemark failed list --saved shops");
        await ListsSavedAsync(scene);
        var second = await SaveAsync(scene, [.. ToShops, "--ack"], Shop("b"), Shop("a", 2), Shop("c"), Shop("c", 2));
        Acks(second.Exits(0).Output).ShouldBe(["1 unchanged 2", "2 updated 1", "3 duplicate 3", "4 inserted 3"]);
        scene.Rows("select rowid, url, products from shops order by rowid").ShouldBe("1 a 2|2 b 1|3 c 2");
        Database.Query(scene[".tidemark/store.db"], "select stream, reason from failed_records order by reason").Select(r => $"{r["stream"]} {r["reason"]}"[..13]).ShouldBe(["shops line 4:", "shops line 5:", "shops line 6:"]);
    }

    [Fact]
    public async Task Thousand_lines_make_a_hundred_transactions_of_ten()
    {
        using var scene = new Scene();
        var result = await SaveAsync(scene, [.. ToShops, "--batch-count", "10", "--json"], [.. Enumerable.Range(0, 1000).Select(i => Shop($"s{i}"))]);
        var report = result.Exits(0).Report;
        (report.GetProperty("inserted").GetInt64(), report.GetProperty("batches").GetInt64()).ShouldBe((1000, 100));
        scene.RowCount("shops").ShouldBe(1000);
    }

    [Fact]
    public async Task Odd_input_is_written_or_rejected_but_breaks_nothing()
    {
        using var scene = new Scene();
        var huge = "{\"url\":\"huge\",\"text\":\"" + new string('x', 10_000_000) + "\"}";
        using var tool = scene.Start([.. ToShops, "--ack"]);
        var input = tool.Input.BaseStream;
        foreach (var line in new[] { huge, "{\"url\":\"proto\",\"__proto__\":{\"a\":1}}", "{\"url\":\"digits\",\"n\":" + new string('9', 400) + "}", "{\"url\":\"\\ud800\"}" })
            await input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await input.WriteAsync(new byte[] { 0xff, 0xfe, (byte)'\n' });
        await input.WriteAsync(Encoding.UTF8.GetBytes(Shop("last, without a line end")));
        tool.Input.Close();
        var result = await tool.EndAsync();
        result.ExitCode.ShouldBe(1, result.Error);
        Acks(result.Output).Select(a => a.Split(' ')[1]).ShouldBe(["inserted", "inserted", "inserted", "rejected", "rejected", "inserted"]);
        scene.Rows("select length(text) from shops where url = 'huge'").ShouldBe("10000000");
    }

    [Theory]
    [InlineData(new[] { "--to", "mysql://x", "--table", "t" }, "expected sqlite:PATH or postgresql:")]
    [InlineData(new[] { "--to", "sqlite:x.db", "--table", "t", "--batch-period", "soon" }, "found --batch-period soon")]
    [InlineData(new[] { "--to", "sqlite:x.db", "--table", "t", "--batch-count", "0" }, "found --batch-count 0")]
    [InlineData(new[] { "--table", "t" }, "--to")]
    public async Task Wrong_usage_says_what_is_expected(string[] arguments, string message)
    {
        using var scene = new Scene();
        var result = await SaveAsync(scene, ["save", .. arguments], Shop("a"));
        result.Exits(2).Error.ShouldContain(message);
    }

    [Fact]
    public async Task Database_that_cannot_be_used_ends_it_with_exit_4()
    {
        using var scene = new Scene();
        (await SaveAsync(scene, ["save", "--to", "sqlite:nowhere/out.db", "--table", "t"], Shop("a"))).Exits(4).Error.ShouldContain("does not exist");
        scene.File("out.db", "this is no database, and longer than a header of SQLite would be: " + new string('x', 200));
        (await SaveAsync(scene, ToShops, Shop("a"))).Exits(4).Error.ShouldContain("not an SQLite database");
    }

    [Fact]
    [Trait("guarantee", "G114")]
    public async Task Signal_writes_what_was_read()
    {
        using var scene = new Scene();
        using var tool = scene.Start([.. ToShops, "--ack", "--batch-count", "3"]);
        // Three make a batch; of the other two nobody would hear for half a minute.
        foreach (var url in new[] { "a", "b", "c", "d", "e" }) await tool.Input.WriteLineAsync(Shop(url));
        await tool.Input.FlushAsync();
        for (var i = 0; i < 3; i++) (await tool.Output.ReadLineAsync()).ShouldNotBeNull();
        while (scene.RowCount("shops") < 3) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        await tool.SignalAsync("TERM");
        var result = await tool.EndAsync();
        result.ExitCode.ShouldBe(130, result.Error);
        Acks(result.Output).ShouldBe(["4 inserted 4", "5 inserted 5"]);
        scene.RowCount("shops").ShouldBe(5);
    }

    [Fact]
    [Trait("guarantee", "G111")]
    public async Task Kill_under_load_loses_and_doubles_nothing_that_was_acknowledged()
    {
        using var scene = new Scene();
        var random = new Random(11);
        var acknowledged = new HashSet<long>();
        var next = 0L;
        for (var kill = 0; kill < 6; kill++)
        {
            // Without a key: a line that was written twice would be two rows.
            using var tool = scene.Start("save", "--to", "sqlite:out.db", "--table", "items", "--ack", "--batch-count", "20");
            var first = next;
            var producing = Task.Run(async () =>
            {
                try
                {
                    while (true) await tool.Input.WriteLineAsync($"{{\"n\":{next++}}}");
                }
                catch (IOException)
                {
                    // Killed.
                }
            });
            var lines = 500 + random.Next(3000);
            for (var i = 0; i < lines && await tool.Output.ReadLineAsync() is { } line; i++) Take(line);
            await tool.KillAsync();
            // What was printed before the kill counts, too.
            while (await tool.Output.ReadLineAsync() is { } line && line.EndsWith('}')) Take(line);
            await producing;

            void Take(string line)
            {
                using var json = JsonDocument.Parse(line);
                json.RootElement.GetProperty("outcome").GetString().ShouldBe("inserted");
                acknowledged.Add(first + json.RootElement.GetProperty("line").GetInt64() - 1).ShouldBeTrue();
            }
        }
        var stored = Database.Query(scene.Database, "select n, count(*) as times from items group by n").ToDictionary(r => (long)r["n"]!, r => (long)r["times"]!);
        acknowledged.Count.ShouldBeGreaterThan(3000);
        acknowledged.Where(n => !stored.ContainsKey(n)).ShouldBeEmpty();
        stored.Where(s => s.Value != 1).ShouldBeEmpty();
    }

    private static string Shop(string url, int products = 1) => $$"""{"url":"{{url}}","name":"Shop {{url}}","products":{{products}}}""";

    private static async Task<Outcome> SaveAsync(Scene scene, string[] arguments, params string[] lines)
    {
        using var tool = scene.Start(arguments);
        try
        {
            foreach (var line in lines) await tool.Input.WriteAsync(line + "\n");
            tool.Input.Close();
        }
        catch (IOException)
        {
            // It went away before it read: its exit code tells.
        }
        return new Outcome(await tool.EndAsync());
    }

    private static List<string> Acks(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        var id = json.RootElement.TryGetProperty("row_id", out var row) ? " " + row.GetInt64() : "";
        return $"{json.RootElement.GetProperty("line").GetInt64()} {json.RootElement.GetProperty("outcome").GetString()}{id}";
    })];
}
