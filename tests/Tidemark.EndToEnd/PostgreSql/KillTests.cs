using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.PostgreSql;

/// <summary>
/// kill -9, cut connections and crashes of the server at random moments while one stream merges and another appends: at the end the tables equal the source, and nothing is there twice.
/// </summary>
/// <remarks>200 kills and 20 restarts with <c>TIDEMARK_LONG=1</c>, else fewer.</remarks>
public sealed class KillTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const int Records = 6000;
    private const int BatchCount = 25;
    private const int Batches = 2 * Records / BatchCount;
    private static readonly bool Long = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1";

    [Fact]
    [Trait("guarantee", "G29")]
    public async Task Killed_at_random_moments_ends_with_the_source()
    {
        var (wanted, killed, random) = (Long ? 200 : 10, 0, new Random(20260109));
        while (killed < wanted)
        {
            using var scene = await SceneAsync();
            for (var i = 0; i < 10 && killed < wanted; i++)
            {
                using var tool = scene.Scene.Start("run", "--json");
                var runs = await scene.ReachesAsync(tool, await scene.BatchesAsync() + 1 + random.Next(Batches / 8));
                if (!runs) break;
                await tool.KillAsync();
                killed++;
            }
            await EndsWithTheSourceAsync(scene);
        }
    }

    [Fact]
    [Trait("guarantee", "G57")]
    public async Task Server_that_crashes_or_cuts_connections_at_random_moments_is_waited_for()
    {
        var random = new Random(20260110);
        for (var restarts = 0; restarts < (Long ? 20 : 2);)
        {
            using var scene = await SceneAsync();
            using var tool = scene.Scene.Start("run", "--json");
            var mode = random.Next(2) == 0 ? "immediate" : "fast";
            for (var i = 0; i < 2 && await scene.ReachesAsync(tool, await scene.BatchesAsync() + 1 + random.Next(Batches / 4)); i++)
            {
                await scene.SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tidemark'");
                if (!await scene.ReachesAsync(tool, await scene.BatchesAsync() + 1)) break;
                await server.StopAsync(mode);
                await server.StartAsync();
                restarts++;
            }
            new Outcome(await tool.EndAsync()).Exits(0);
            await EqualsTheSourceAsync(scene);
        }
    }

    private async Task<PostgreSqlScene> SceneAsync() => (await PostgreSqlScene.CreateAsync(server)).File(
        Enumerable.Range(0, Records).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}},"name":"item {{i}}","price":{{i}}.5,"day":"2026-01-{{1 + (i % 28):00}}"}""")),
        $$"""
          merged: { source: files, primary_key: id, batch: { count: {{BatchCount}} } }
          appended: { source: files, refresh: once, batch: { count: {{BatchCount}} } }
        """);

    private static async Task EndsWithTheSourceAsync(PostgreSqlScene scene)
    {
        new Outcome(await Tool.RunAsync(scene.Scene.Path, scene.Scene.Environment, "run", "--json")).Exits(0);
        await EqualsTheSourceAsync(scene);
    }

    private static async Task EqualsTheSourceAsync(PostgreSqlScene scene)
    {
        foreach (var table in new[] { "merged", "appended" })
        {
            (await scene.SqlAsync($"SELECT count(*), count(DISTINCT id), min(id), max(id) FROM {table}")).ShouldBe($"{Records}|{Records}|0|{Records - 1}", table);
            (await scene.CountAsync($"SELECT count(*) FROM {table} WHERE name <> 'item ' || id OR price <> id + 0.5 OR day <> date '2026-01-01' + (id % 28)::int")).ShouldBe(0, table);
        }
    }
}
