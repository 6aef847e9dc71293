using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tidemark.Tests.Shared;

/// <summary>Programs of Debian's packages, run as the user postgres where the tests run as root: servers refuse root.</summary>
public static class Programs
{
    /// <summary>Runs one to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(Describe(program, arguments));

    /// <summary>Runs one to its end as the user of the tests.</summary>
    public static Task<string> RunAsMyselfAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    /// <summary>How one is started.</summary>
    public static ProcessStartInfo Describe(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);

    /// <summary>Where a program of the PostgreSQL server lies: Debian keeps them out of the path.</summary>
    public static string OfServer(string name)
    {
        const string Root = "/usr/lib/postgresql";
        var newest = Directory.Exists(Root) ? Directory.GetDirectories(Root).MaxBy(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)) : null;
        return newest is null ? name : Path.Combine(newest, "bin", name);
    }

    /// <summary>A directory that the servers may write.</summary>
    public static async Task GiveAsync(string directory)
    {
        if (Environment.IsPrivilegedProcess) await RunAsMyselfAsync("chown", "-R", "postgres", directory);
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute, start.WorkingDirectory) = (true, true, false, "/");
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await error}");
    }
}
