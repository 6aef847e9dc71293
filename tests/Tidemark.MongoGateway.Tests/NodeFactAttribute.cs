using System.ComponentModel;
using System.Diagnostics;

namespace Tidemark.MongoGateway.Tests;

/// <summary>A test that MongoDB's driver for Node.js runs: skipped where the server, Node.js or the driver is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    /// <summary>Where the driver and the checks are.</summary>
    public static readonly string Directory = Find(AppContext.BaseDirectory);

    private static readonly string? Refusal = DocumentDbServer.Refusal ?? Check();

    public NodeFactAttribute() => Skip = Refusal;

    private static string? Check()
    {
        if (!System.IO.Directory.Exists(Path.Combine(Directory, "node_modules", "mongodb"))) return "MongoDB's driver for Node.js is not installed: ./test.sh does that where it finds npm";
        try
        {
            // The version that the driver asks for.
            using var process = Process.Start(new ProcessStartInfo("node", ["-p", "process.versions.node"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return Version.TryParse(version, out var found) && found >= new Version(20, 19) ? null : $"MongoDB's driver needs Node.js 20.19 or newer, here is {version}";
        }
        catch (Win32Exception)
        {
            return "Node.js is not installed";
        }
    }

    private static string Find(string directory) =>
        Path.Combine(directory, "tests", "Tidemark.MongoGateway", "node") is var found && System.IO.Directory.Exists(found)
            ? found
            : Find(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("tests/Tidemark.MongoGateway/node"));
}
