using System.Diagnostics;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>What publish.sh makes is what people run on their servers.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public async Task Published_folder_runs_without_an_installed_runtime()
    {
        using var directory = new TempDirectory();
        var program = Tool.Published ?? await PublishAsync(directory.Path);
        var demo = await RunAsync(directory.Path, "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", program, "demo");
        demo.ExitCode.ShouldBe(0, demo.Error);
        demo.Output.ShouldContain("62 records changed.");
        // Compiled as one image, or a run takes twice as long to start.
        File.Exists(program + ".r2r.dll").ShouldBeTrue();
    }

    private static async Task<string> PublishAsync(string directory)
    {
        var published = await RunAsync(directory, Path.Combine(Repository.Root, "publish.sh"));
        published.ExitCode.ShouldBe(0, published.Error);
        return published.Output.Trim();
    }

    private static async Task<ToolResult> RunAsync(string directory, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // The variables of a test run would steer the build.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, output, await error);
    }
}
