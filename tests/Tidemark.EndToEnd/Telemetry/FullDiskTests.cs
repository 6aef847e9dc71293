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
        await using var disk = await SmallDisk.MountAsync(_scene["small"], "64k");
        disk.Fill();
        await using var server = await ScriptedServer.StartAsync(_ => Reply.Json("""[{"id":1}]"""));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id, refresh: full }",
            top: "telemetry: { metrics: { path: small/metrics }, logs: { path: small/logs } }");
        var outcome = (await _scene.RunAsync()).Exits(0);
        Count(outcome.Error, "metrics can't be written to").ShouldBe(1);
        Count(outcome.Error, "log files in").ShouldBe(1);
        _scene.RowCount().ShouldBe(1);

        disk.Free();
        (await _scene.RunAsync()).Exits(0).Error.ShouldNotContain("can't be written");
        Directory.GetFiles(_scene["small/metrics"]).Sum(f => File.ReadAllLines(f).Length).ShouldBeGreaterThan(0);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
