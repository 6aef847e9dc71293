using System.Globalization;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.Support;

/// <summary>A directory with a configuration and a database, and the tool as a process in it.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>The stream of a configuration with one stream, and its table.</summary>
    public const string Stream = "items";

    private readonly TempDirectory _directory = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Database => _directory["out.db"];

    /// <summary>The destination as the configuration describes it.</summary>
    public string Destination { get; init; } = "{ type: sqlite, path: out.db }";

    public string Path => _directory.Path;

    public string this[string name] => _directory[name];

    public string File(string name, string text) => _directory.File(name, text);

    /// <summary>Writes a configuration with one stream of a REST source that is asked again after 10 ms.</summary>
    public Scene Rest(string url, string stream, string source = "", string name = Stream) =>
        Configure(url, $"  {name}:\n{Indent(stream, 4)}", source);

    /// <summary>Writes a configuration of a REST source with all its streams.</summary>
    public Scene Configure(string url, string streams, string source = "", string top = "")
    {
        File("tidemark.yaml", $$"""
            name: bad-input
            {{top}}
            sources:
              api:
                type: rest
                url: "{{url}}"
                retry: { attempts: 4, delay: 10ms }
            {{Indent(source, 4)}}
            destinations:
              db: {{Destination}}
            streams:
            {{streams}}
            """);
        return this;
    }

    /// <summary>Runs the streams; the report is read as JSON.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => ToolAsync(["run", "--json", .. arguments]);

    /// <summary>Runs any command.</summary>
    public async Task<Outcome> ToolAsync(params string[] arguments) => new(await Tool.RunAsync(Path, Environment, arguments));

    /// <summary>Starts a command and goes on.</summary>
    public Tool Start(params string[] arguments) => Tool.Start(Path, Environment, arguments);

    /// <summary>The rows of a query, values by blanks, rows by bars.</summary>
    public string Rows(string sql) =>
        string.Join('|', Support.Database.Query(Database, sql).Select(r => string.Join(' ', r.Values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "null"))));

    public long RowCount(string table = Stream) => (long)Support.Database.Scalar(Database, $"select count(*) from \"{table}\"")!;

    /// <summary>True if the table is not there.</summary>
    public bool HasNoTable(string table = Stream) =>
        !System.IO.File.Exists(Database) || Support.Database.Query(Database, $"select 1 as one from sqlite_schema where name = '{table}'").Count == 0;

    /// <summary>The table equals what a simulator says is true, value by value.</summary>
    public async Task EqualsTruthAsync(RunningSimulator simulator, string kind, string key, string table = Stream) =>
        Truth.Differences(await Truth.RecordsAsync(simulator, kind), Database, table, key).ShouldBeEmpty();

    /// <summary>Orders a fault.</summary>
    public static async Task FaultAsync(RunningSimulator simulator, string query)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(simulator.Address, "/_sim/fault?" + query), null);
        response.EnsureSuccessStatusCode();
    }

    public static string Url(RunningSimulator simulator) => simulator.Address.ToString().TrimEnd('/');

    public void Dispose() => _directory.Dispose();

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line));
}
