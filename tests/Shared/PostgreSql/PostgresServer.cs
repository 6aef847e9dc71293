using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tidemark.Tests.Shared;

/// <summary>A PostgreSQL server of the tests' own: a private cluster in a temporary directory, on a free port of 127.0.0.1, fsync as in production.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-postgres-").FullName;
    private int _databases;

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_directory, "data");

    public async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", _directory);
        await RunAsync(Bin("initdb"), "-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale");
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
        (await RunAsync(Bin("psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-P", "null=NULL", "-qAtc", sql)).TrimEnd('\n');

    /// <summary>The database of a URL.</summary>
    public static string DatabaseOf(string url) => new Uri(url).AbsolutePath.Trim('/');

    public Task StartAsync() =>
        RunAsync(Bin("pg_ctl"), "-D", Data, "-o", $"-p {Port} -k {_directory} -c listen_addresses=127.0.0.1 -c max_connections=200", "-l", Path.Combine(_directory, "log"), "-w", "start");

    /// <summary>Stops it: <c>fast</c> cuts connections and writes a checkpoint, <c>immediate</c> is a crash.</summary>
    public Task StopAsync(string mode = "fast") => RunAsync(Bin("pg_ctl"), "-D", Data, "-m", mode, "-w", "stop");

    public async Task DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await StopAsync("immediate");
        Directory.Delete(_directory, recursive: true);
    }

    private static string Bin(string name)
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.Parse(Path.GetFileName(d), System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault()
            : null;
        return debian is null ? name : Path.Combine(debian, "bin", name);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server refuses to run as root.
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        string[] prefix = Environment.IsPrivilegedProcess && program != "chown" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        string[] all = [.. prefix, program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
    }
}
