using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>Which store a pipeline has, and that all commands find the same one.</summary>
public sealed class PostgreSqlStoreTests(PostgresServer server) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private string _url = "";

    public async Task InitializeAsync() => _url = await server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("guarantee", "G56")]
    public async Task Machine_that_is_thrown_away_takes_no_failed_record_with_it()
    {
        using (var first = Machine("declared: bigint"))
        {
            first.File("in.jsonl", "{\"id\":1,\"declared\":\"not a number\"}\n{\"id\":2}\n");
            await RunAsync(first, 1, "run");
            Directory.Exists(first[".tidemark"]).ShouldBeFalse();
        }
        (await SqlAsync("SELECT status, attempts FROM tidemark.failed_records")).ShouldBe("open|1");

        using var second = Machine("declared: text");
        (await RunAsync(second, 0, "failed", "list", "--json")).ShouldContain("not a number");
        await RunAsync(second, 0, "failed", "retry", "--all");
        (await SqlAsync("SELECT id, declared FROM items ORDER BY id")).ShouldBe("1|not a number\n2|NULL");
        (await SqlAsync("SELECT status FROM tidemark.failed_records")).ShouldBe("resolved");
        (await SqlAsync("SELECT count(*) FROM _tidemark_queue")).ShouldBe("0");
        (await RunAsync(second, 0, "failed", "purge", "--older-than", "0s")).ShouldStartWith("1 purged");
    }

    [Theory]
    [Trait("guarantee", "G56")]
    [InlineData("store: sqlite:mine/store.db", "mine/store.db")]
    [InlineData("", ".tidemark/store.db", "  other: { type: postgresql, url: \"${OTHER_URL}\" }\n")]
    public async Task Store_is_a_file_where_the_configuration_says_so_or_the_choice_is_not_plain(string store, string file, string others = "")
    {
        using var machine = Machine("declared: bigint", store, others);
        machine.File("in.jsonl", "{\"id\":1,\"declared\":\"not a number\"}\n{\"id\":2}\n");
        await RunAsync(machine, 1, "run");
        File.Exists(machine[file]).ShouldBeTrue();
        (await RunAsync(machine, 0, "failed", "list", "--json")).ShouldContain("not a number");
        (await SqlAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'tidemark'")).ShouldBe("0");
    }

    [Fact]
    public async Task Store_in_another_database_than_the_rows_is_found_by_its_url()
    {
        var rows = await server.CreateDatabaseAsync();
        using var machine = Machine("declared: bigint", "store: \"${STORE_URL}\"");
        machine.File("in.jsonl", "{\"id\":1,\"declared\":\"not a number\"}\n");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DATABASE_URL"] = rows, ["STORE_URL"] = _url };
        (await Tool.RunAsync(machine.Path, environment, "run")).ExitCode.ShouldBe(1);
        (await SqlAsync("SELECT count(*) FROM tidemark.failed_records")).ShouldBe("1");
        (await server.SqlAsync(PostgresServer.DatabaseOf(rows), "SELECT count(*) FROM pg_namespace WHERE nspname = 'tidemark'")).ShouldBe("0");
    }

    [Theory]
    [InlineData("postgresql://user:hunter2secret@127.0.0.1:1/x", 4)]
    [InlineData("postgresql://user:hunter2secret@127.0.0.1/x?sslmod=require", 2)]
    public async Task Store_that_can_not_be_used_is_told_without_its_password(string url, int exitCode)
    {
        using var machine = Machine("declared: bigint", "store: \"${STORE_URL}\"");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DATABASE_URL"] = _url, ["STORE_URL"] = url };
        var result = await Tool.RunAsync(machine.Path, environment, "failed", "list", "--json");
        result.ExitCode.ShouldBe(exitCode, result.Error);
        (result.Output + result.Error).ShouldNotContain("hunter2secret");
        result.Error.ShouldContain(exitCode == 4 ? "127.0.0.1:1" : "sslmode");
    }

    private static TempDirectory Machine(string columns, string store = "", string others = "")
    {
        var directory = new TempDirectory();
        directory.File("tidemark.yaml",
            $"name: m\n{store}\nsources:\n  s: {{ type: file, path: in.jsonl }}\ndestinations:\n  db: {{ type: postgresql, url: \"${{DATABASE_URL}}\" }}\n{others}"
            + $"streams:\n  items: {{ primary_key: id, destination: db, columns: {{ {columns} }} }}\n");
        return directory;
    }

    private Task<string> SqlAsync(string sql) => server.SqlAsync(PostgresServer.DatabaseOf(_url), sql);

    private async Task<string> RunAsync(TempDirectory machine, int exitCode, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DATABASE_URL"] = _url, ["OTHER_URL"] = server.Url("other") };
        var result = await Tool.RunAsync(machine.Path, environment, arguments);
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        return result.Output;
    }
}
