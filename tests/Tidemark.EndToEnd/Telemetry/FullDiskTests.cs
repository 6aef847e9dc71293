using System.Diagnostics;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Telemetry;

/// <summary>Telemetry is no reason for a run to fail.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [MountFact]
    public async Task Full_disk_under_metrics_and_logs_is_told_once_and_the_run_goes_on()
    {
        var small = _scene["small"];
        Directory.CreateDirectory(small);
        await ShellAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small);
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(small, "filler"), new byte[64 * 1024]);
            await using var server = await ScriptedServer.StartAsync(_ => Reply.Json("""[{"id":1}]"""));
            _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id, refresh: full }",
                top: "telemetry: { metrics: { path: small/metrics }, logs: { path: small/logs } }");
            var outcome = (await _scene.RunAsync()).Exits(0);
            Count(outcome.Error, "metrics can't be written to").ShouldBe(1);
            Count(outcome.Error, "log files in").ShouldBe(1);
            _scene.RowCount().ShouldBe(1);

            File.Delete(Path.Combine(small, "filler"));
            (await _scene.RunAsync()).Exits(0).Error.ShouldNotContain("can't be written");
            Directory.GetFiles(Path.Combine(small, "metrics")).Sum(f => File.ReadAllLines(f).Length).ShouldBeGreaterThan(0);
        }
        finally
        {
            await ShellAsync("umount", small);
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task ShellAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
