namespace Tidemark.Tests.Shared;

/// <summary>A PostgreSQL server of the tests' own: a private cluster in a temporary directory, on a free port of 127.0.0.1.</summary>
/// <remarks>Without fsync, which only a power cut needs: what a server has written is there after its crash too.</remarks>
public class PostgresServer : IAsyncLifetime
{
    private int _databases;

    public int Port { get; } = Programs.FreePort();

    /// <summary>A directory of its own, which goes with it.</summary>
    protected string Home { get; } = Directory.CreateTempSubdirectory("tidemark-postgres-").FullName;

    private string Data => Path.Combine(Home, "data");

    public virtual async Task InitializeAsync()
    {
        await Programs.GiveAsync(Home);
        await Programs.RunAsync(Programs.OfServer("initdb"), "-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale");
        await ConfigureAsync(Path.Combine(Data, "postgresql.conf"));
        await StartAsync();
    }

    /// <summary>Makes an empty database and answers its URL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await SqlAsync("postgres", $"CREATE DATABASE {name}");
        return Url(name);
    }

    public string Url(string database, string user = "postgres") => $"postgresql://{user}@127.0.0.1:{Port}/{database}";

    /// <summary>Runs SQL as the superuser with psql: rows as lines, columns separated by '|', NULL as 'NULL'.</summary>
    public async Task<string> SqlAsync(string database, string sql) =>
        (await Programs.RunAsync(Programs.OfServer("psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-P", "null=NULL", "-qAtc", sql)).TrimEnd('\n');

    /// <summary>The database of a URL.</summary>
    public static string DatabaseOf(string url) => new Uri(url).AbsolutePath.Trim('/');

    public Task StartAsync() => Programs.RunAsync(
        Programs.OfServer("pg_ctl"), "-D", Data, "-o", $"-p {Port} -k {Home} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off", "-l", Path.Combine(Home, "log"), "-w", "start");

    /// <summary>Stops it: <c>fast</c> cuts connections and writes a checkpoint, <c>immediate</c> is a crash.</summary>
    public Task StopAsync(string mode = "fast") => Programs.RunAsync(Programs.OfServer("pg_ctl"), "-D", Data, "-m", mode, "-w", "stop");

    public virtual async Task DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await StopAsync("immediate");
        Directory.Delete(Home, recursive: true);
    }

    /// <summary>Adds to the configuration before the first start.</summary>
    /// <param name="file">postgresql.conf.</param>
    protected virtual Task ConfigureAsync(string file) => Task.CompletedTask;
}
