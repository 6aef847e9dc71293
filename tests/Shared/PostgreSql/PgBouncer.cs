using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tidemark.Tests.Shared;

/// <summary>PgBouncer in transaction mode before a server of its own: a session lasts no longer than a transaction.</summary>
public sealed class PgBouncer : IAsyncLifetime, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-pgbouncer-").FullName;
    private Process? _process;

    /// <summary>The server behind it.</summary>
    public PostgresServer Server { get; } = new();

    public int Port { get; } = Programs.FreePort();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        var (users, settings) = (Path.Combine(_directory, "users.txt"), Path.Combine(_directory, "pgbouncer.ini"));
        await File.WriteAllTextAsync(users, "\"postgres\" \"\"\n");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host=127.0.0.1 port={Server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            max_client_conn = 200
            """);
        await Programs.GiveAsync(_directory);
        var start = Programs.Describe("/usr/sbin/pgbouncer", settings);
        (start.RedirectStandardError, start.UseShellExecute) = (true, false);
        var up = new TaskCompletionSource();
        var said = new ConcurrentQueue<string>();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => up.TrySetException(new InvalidOperationException($"pgbouncer did not start: {string.Join('\n', said)}"));
        _process.ErrorDataReceived += (_, e) =>
        {
            said.Enqueue(e.Data ?? "");
            if (e.Data?.Contains("process up", StringComparison.Ordinal) == true) up.TrySetResult();
        };
        _process.Start();
        _process.BeginErrorReadLine();
        await up.Task;
    }

    /// <summary>The URL through it of a database of the server.</summary>
    public string Url(string database) => $"postgresql://postgres@127.0.0.1:{Port}/{database}";

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public void Dispose() => _process?.Dispose();
}
