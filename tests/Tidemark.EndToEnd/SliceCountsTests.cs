using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>What was read of slices, and with them the length of a full read, is told by what is committed, not by a copy in the store.</summary>
public sealed class SliceCountsTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory]
    [Trait("guarantee", "G90")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_of_slices_add_up_where_a_killed_process_had_committed_more_than_it_told_the_store(bool postgreSql)
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        using var directory = new TempDirectory();
        var database = postgreSql ? await server.CreateDatabaseAsync() : $"sqlite:{directory["out.db"]}";
        string Configuration(int records) => $$$"""
            name: sliced
            quotas: { day: { budgets: [{ records: {{{records}}}, per: 1d }] } }
            sources: { api: { type: rest, url: "${API}", quota: day } }
            destinations: { db: { url: "${DB}" } }
            streams:
              communes:
                request: { path: "/departements/{{ slice }}/communes" }
                primary_key: code
                slices: { by: list, values: ["01", "02", "03", "04"], parallel: 2 }
            """;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["API"] = simulator.Address.ToString().TrimEnd('/'), ["DB"] = database };
        async Task<string> SqlAsync(string sql)
        {
            if (postgreSql) return await server.SqlAsync(PostgresServer.DatabaseOf(database), sql);
            if (sql.StartsWith("SELECT", StringComparison.Ordinal)) return Convert.ToString(Database.Scalar(directory[".tidemark/store.db"], sql), CultureInfo.InvariantCulture)!;
            Database.Execute(directory[".tidemark/store.db"], sql);
            return "";
        }
        var slices = postgreSql ? "tidemark.slices" : "slices";
        var expected = (await Truth.RecordsAsync(simulator, "communes")).Count(r => r.GetProperty("departement").GetString() is "01" or "02" or "03" or "04");

        // The day ends within a slice; and the copy is as a process leaves it that was killed between its commits and what it told of them.
        directory.File("tidemark.yaml", Configuration(1000));
        (await Tool.RunAsync(directory.Path, environment, "run")).ExitCode.ShouldBe(5);
        (await SqlAsync($"SELECT sum(records_read) FROM {slices}")).ShouldBe("1000");
        await SqlAsync($"UPDATE {slices} SET records_read = 0, status = 'running' WHERE status <> 'pending' OR records_read > 0");

        directory.File("tidemark.yaml", Configuration(1_000_000));
        var rest = await Tool.RunAsync(directory.Path, environment, "run", "--json");
        rest.ExitCode.ShouldBe(0, rest.Error + rest.Output);
        (await SqlAsync($"SELECT sum(records_read) FROM {slices}")).ShouldBe($"{expected}");
        using var status = JsonDocument.Parse((await Tool.RunAsync(directory.Path, environment, "status", "--json")).Output);
        status.RootElement.GetProperty("streams")[0].GetProperty("last_full_read").GetInt64().ShouldBe(expected);
    }
}
