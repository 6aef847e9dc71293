using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.PostgreSql;

/// <summary>A database of its own on a server, and a directory with a configuration that writes to it.</summary>
internal sealed class PostgreSqlScene : IDisposable
{
    private readonly PostgresServer _server;
    private readonly string _url;

    private PostgreSqlScene(PostgresServer server, string url, string? user)
    {
        (_server, _url) = (server, url);
        Scene = new Scene { Destination = $"{{ type: postgresql, url: \"{(user is null ? url : server.Url(Database, user))}\" }}" };
    }

    public Scene Scene { get; }

    public string Database => PostgresServer.DatabaseOf(_url);

    /// <param name="server">The server.</param>
    /// <param name="user">Who the tool connects as; null: the superuser.</param>
    public static async Task<PostgreSqlScene> CreateAsync(PostgresServer server, string? user = null) => new(server, await server.CreateDatabaseAsync(), user);

    /// <summary>Writes a file of JSON lines and a configuration whose streams read it.</summary>
    public PostgreSqlScene File(IEnumerable<string> records, string streams)
    {
        Scene.File("items.jsonl", string.Join('\n', records) + "\n");
        Scene.File("tidemark.yaml", $$"""
            name: e2e
            sources:
              files: { type: file, path: items.jsonl }
            destinations:
              db: {{Scene.Destination}}
            streams:
            {{streams}}
            """);
        return this;
    }

    public Task<string> SqlAsync(string sql) => _server.SqlAsync(Database, sql);

    public async Task<long> CountAsync(string sql) => long.Parse(await SqlAsync(sql), CultureInfo.InvariantCulture);

    /// <summary>How many batches all streams have committed; 0 before there is a checkpoint, or while the server is away.</summary>
    public async Task<long> BatchesAsync()
    {
        try
        {
            return await CountAsync("SELECT coalesce(sum(batch_no), 0) FROM _tidemark_checkpoints");
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Waits until so many batches are committed, or the tool has ended; true if it still runs.</summary>
    public async Task<bool> ReachesAsync(Tool tool, long batches)
    {
        while (!tool.HasExited && await BatchesAsync() < batches) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        return !tool.HasExited;
    }

    public void Dispose() => Scene.Dispose();
}
